#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <limits>

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Publication;
using model::Refusal;
using model::Sha256;
using model::Snapshot;
using model::SnapshotUpdate;
using model::SuiteValidators;

namespace {

/// A digest that differs for each number, with bytes of every kind in it.
Sha256 digest(unsigned int number) {
    Sha256 one;
    for (std::size_t i = 0; i < one.bytes.size(); ++i) {
        one.bytes[i] = static_cast<std::uint8_t>(i * 8);
    }
    one.bytes[0] = static_cast<std::uint8_t>(number);
    one.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
    return one;
}

/// The snapshot of warty that was published so many hours after new year.
Snapshot snapshot(int hour) {
    const auto number = static_cast<unsigned int>(hour);
    Snapshot one;
    one.suite = "warty";
    one.sha256 = digest(2 * number);
    one.text_sha256 = digest(2 * number + 1);
    one.date = new_year + std::chrono::hours{hour};
    one.valid_until = one.date + 168h;
    one.first_seen = one.date + 90s + 1us;
    one.entries = {{.path = "main/binary-i386/Packages.gz", .size = 0, .sha256 = digest(7)},
                   {.path = "main/binary-i386/Packages with  blanks é",
                    .size = std::numeric_limits<std::uint64_t>::max(),
                    .sha256 = digest(number)}};
    one.names = {.origin = "Ubuntu", .codename = "warty", .suite = ""};
    return one;
}

/// As listings have it.
Snapshot without_entries(Snapshot one) {
    one.entries.clear();
    one.names.reset();
    return one;
}

SnapshotUpdate update(Snapshot one) {
    SnapshotUpdate all;
    all.distribution = "ubuntu";
    all.validators = {.url = "http://archive.example/ubuntu/dists/warty/InRelease",
                      .etag = "\"5e-1f\"",
                      .last_modified = "Thu, 01 Jan 2026 00:00:00 GMT",
                      .checked = one.first_seen};
    all.snapshot = std::move(one);
    return all;
}

Publication publication(const std::string& file) {
    Publication one;
    one.distribution = "ubuntu";
    one.bucket = warty_i386();
    one.source = "pmount";
    one.version = "2:1.9-1";
    one.file = file;
    one.path = "pool/main/p/pmount/" + file;
    one.file_type = model::FileType::deb;
    one.published = new_year;
    return one;
}

}  // namespace

TEST_CASE("a snapshot is found by suite and by text, whole", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Snapshot second = snapshot(2);
    second.valid_until.reset();
    Snapshot elsewhere = snapshot(1);
    elsewhere.suite = "warty-updates";
    elsewhere.text_sha256 = digest(900);

    REQUIRE(store->record_snapshot(update(snapshot(1))).has_value());
    REQUIRE(store->record_snapshot(update(second)).has_value());
    REQUIRE(store->record_snapshot(update(elsewhere)).has_value());

    CHECK(store->snapshots("ubuntu", "warty") ==
          std::vector{without_entries(second), without_entries(snapshot(1))});
    CHECK(store->newest_snapshot("ubuntu", "warty") == second);
    CHECK(store->newest_snapshot("ubuntu", "warty-updates") == elsewhere);
    CHECK(store->snapshot_of("ubuntu", snapshot(1).text_sha256) == snapshot(1));
    CHECK(store->snapshot_of("ubuntu", elsewhere.text_sha256) == elsewhere);
    CHECK(store->snapshot_of("ubuntu", snapshot(1).sha256) == std::nullopt);
}

TEST_CASE("what nobody recorded is not there", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const std::string distribution = GENERATE(as<std::string>{}, "ubuntu", "debian");

    CHECK(store->snapshots(distribution, "warty").empty());
    CHECK(store->newest_snapshot(distribution, "warty") == std::nullopt);
    CHECK(store->snapshot_of(distribution, digest(1)) == std::nullopt);
    CHECK(store->validators(distribution, "warty") == std::nullopt);
    CHECK(store->index_content(distribution, warty_i386()) == std::nullopt);
    CHECK(store->publications(distribution, warty_i386()).empty());
    store->keep_validators("debian", "warty", {});
    CHECK(store->validators("debian", "warty") == std::nullopt);
}

TEST_CASE("a suite that names no index at all has a snapshot still", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Snapshot bare = snapshot(1);
    bare.entries.clear();

    REQUIRE(store->record_snapshot(update(bare)).has_value());

    CHECK(store->newest_snapshot("ubuntu", "warty") == bare);
}

TEST_CASE("a Release older than the newest is refused, and nothing is stored",
          "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->record_snapshot(update(snapshot(4))).has_value());
    REQUIRE(store->record_snapshot(update(snapshot(5))).has_value());
    // One that was never seen, and one that was the newest once.
    SnapshotUpdate old = update(snapshot(GENERATE(3, 4)));
    old.contents = {{.bucket = warty_i386(), .sha256 = digest(1), .packages = {1}}};
    old.publications = {publication("a.deb")};

    const auto refused = store->record_snapshot(old);

    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == Refusal::Kind::older_snapshot);
    CHECK(refused.error().detail.find("2026-01-01T05:00:00Z") != std::string::npos);
    CHECK(refused.error().detail.find("ubuntu warty") != std::string::npos);
    CHECK(store->snapshots("ubuntu", "warty").size() == 2);
    CHECK(store->validators("ubuntu", "warty") == update(snapshot(5)).validators);
    CHECK(store->index_content("ubuntu", warty_i386()) == std::nullopt);
    CHECK(store->publications("ubuntu", warty_i386()).empty());
}

TEST_CASE("the newest signed anew stays as first seen, and the rest is stored",
          "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->record_snapshot(update(snapshot(1))).has_value());
    SnapshotUpdate again = update(snapshot(1));
    again.snapshot.sha256 = digest(999);
    again.snapshot.first_seen += 24h;
    again.validators.etag = "\"new\"";

    REQUIRE(store->record_snapshot(again).has_value());

    CHECK(store->newest_snapshot("ubuntu", "warty") == snapshot(1));
    CHECK(store->snapshots("ubuntu", "warty").size() == 1);
    CHECK(store->validators("ubuntu", "warty") == again.validators);
}

TEST_CASE("a snapshot that was stored without its names gets them when it is seen again",
          "[storage][snapshots]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Snapshot nameless = snapshot(1);
    nameless.names.reset();
    Snapshot elsewhere = nameless;
    elsewhere.suite = "warty-updates";
    REQUIRE(store->record_snapshot(update(nameless)).has_value());
    REQUIRE(store->record_snapshot(update(elsewhere)).has_value());
    CHECK(store->newest_snapshot("ubuntu", "warty") == nameless);

    REQUIRE(store->record_snapshot(update(snapshot(1))).has_value());

    CHECK(store->newest_snapshot("ubuntu", "warty") == snapshot(1));
    CHECK(store->newest_snapshot("ubuntu", "warty-updates") == elsewhere);
}

TEST_CASE("two texts of one date are two snapshots, the later seen the newer",
          "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Snapshot twin = snapshot(2);
    twin.date = snapshot(1).date;
    REQUIRE(store->record_snapshot(update(snapshot(1))).has_value());

    REQUIRE(store->record_snapshot(update(twin)).has_value());

    CHECK(store->newest_snapshot("ubuntu", "warty") == twin);
    CHECK(store->snapshots("ubuntu", "warty").size() == 2);
}

TEST_CASE("an update for what the catalogue lacks is refused whole", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    SnapshotUpdate wrong = update(snapshot(1));
    auto kind = Refusal::Kind::no_such_bucket;
    model::Bucket unknown = warty_i386();
    unknown.architecture = "sparc";

    SECTION("no such distribution") {
        wrong.distribution = "debian";
        kind = Refusal::Kind::no_such_distribution;
    }
    SECTION("the content of an unknown index") {
        wrong.contents = {{.bucket = unknown, .sha256 = digest(1), .packages = {}}};
    }
    SECTION("a publication in an unknown bucket") {
        wrong.publications = {publication("a.deb"), publication("b.deb")};
        wrong.publications[1].bucket = unknown;
    }
    const auto refused = store->record_snapshot(wrong);

    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == kind);
    CHECK(store->snapshots("ubuntu", "warty").empty());
    CHECK(store->validators("ubuntu", "warty") == std::nullopt);
    CHECK(store->publications("ubuntu", warty_i386()).empty());
}

TEST_CASE("an update that fails half way leaves nothing behind", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    SnapshotUpdate broken = update(snapshot(1));
    broken.contents = {{.bucket = warty_i386(), .sha256 = digest(1), .packages = {1, 2}}};
    broken.publications = {publication("a.deb"), publication("b.deb")};
    broken.publications[1].version.push_back('\0');  // no database holds that

    CHECK_THROWS_AS(store->record_snapshot(broken), model::StorageError);

    CHECK(store->snapshots("ubuntu", "warty").empty());
    CHECK(store->snapshot_of("ubuntu", snapshot(1).text_sha256) == std::nullopt);
    CHECK(store->validators("ubuntu", "warty") == std::nullopt);
    CHECK(store->index_content("ubuntu", warty_i386()) == std::nullopt);
    CHECK(store->publications("ubuntu", warty_i386()).empty());

    broken.publications.pop_back();
    REQUIRE(store->record_snapshot(broken).has_value());
    CHECK(store->index_content("ubuntu", warty_i386()) == broken.contents[0]);
    CHECK(store->publications("ubuntu", warty_i386()) == broken.publications);
}

TEST_CASE("the packages of an index come back as they were", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    SnapshotUpdate first = update(snapshot(1));
    first.contents = {{.bucket = warty_i386(),
                       .sha256 = digest(1),
                       .packages = {0, 1, 0x00ff'0a0d'5c27'0080ULL, 0x7fff'ffff'ffff'ffffULL,
                                    0x8000'0000'0000'0000ULL, 0xffff'ffff'ffff'ffffULL}},
                      {.bucket = warty_source(), .sha256 = digest(2), .packages = {}}};
    REQUIRE(store->record_snapshot(first).has_value());
    CHECK(store->index_content("ubuntu", warty_i386()) == first.contents[0]);
    CHECK(store->index_content("ubuntu", warty_source()) == first.contents[1]);

    SnapshotUpdate second = update(snapshot(2));
    second.contents = {{.bucket = warty_i386(), .sha256 = digest(3), .packages = {}}};
    for (std::uint64_t i = 0; i < 63'000; ++i) {
        second.contents[0].packages.push_back(i * 292'805'461'487'453ULL);
    }
    REQUIRE(store->record_snapshot(second).has_value());

    CHECK(store->index_content("ubuntu", warty_i386()) == second.contents[0]);
    CHECK(store->index_content("ubuntu", warty_source()) == first.contents[1]);
}

TEST_CASE("keys are stored the lowest byte first", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    SnapshotUpdate one = update(snapshot(1));
    one.contents = {
        {.bucket = warty_i386(), .sha256 = {}, .packages = {1, 0x0807'0605'0403'02ffULL}}};
    REQUIRE(store->record_snapshot(one).has_value());

    const auto connection = database->connect();
    storage::Transaction transaction{*connection, storage::Access::read};
    const auto rows = connection->execute("SELECT packages FROM index_content");
    transaction.commit();

    const std::string expected = {1, 0, 0, 0, 0, 0, 0, 0, '\xff', 2, 3, 4, 5, 6, 7, 8};
    CHECK(rows[0].text(0) == expected);
}

TEST_CASE("a damaged index content or list of indexes is named, not believed",
          "[storage][snapshots]") {
    const auto database = make_database("sqlite");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    SnapshotUpdate one = update(snapshot(1));
    one.contents = {{.bucket = warty_i386(), .sha256 = {}, .packages = {1}}};
    REQUIRE(store->record_snapshot(one).has_value());
    const std::string damage =
        GENERATE(as<std::string>{}, "UPDATE index_content SET packages = X'0102'",
                 "UPDATE index_content SET sha256 = X''",
                 "UPDATE snapshot_entries SET entries = 'abc 12 main/binary-i386/Packages'",
                 "UPDATE snapshot_entries SET entries = 'x'", "UPDATE snapshot SET sha256 = X'00'");

    const auto connection = database->connect();
    storage::Transaction transaction{*connection, storage::Access::write};
    connection->execute_script(damage);
    transaction.commit();

    std::string error;
    try {
        store->newest_snapshot("ubuntu", "warty");
        store->index_content("ubuntu", warty_i386());
    } catch (const model::StorageError& e) {
        error = e.what();
    }
    CAPTURE(damage);
    CHECK(error.find("is damaged") != std::string::npos);
    CHECK(error.find(database->url()) != std::string::npos);
}

TEST_CASE("publications of an update are merged with those that are known",
          "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Publication fileless = publication("");
    fileless.path.clear();
    fileless.file_type.reset();
    Publication pending = publication("pending.deb");
    pending.status = model::PublicationStatus::pending;
    pending.published.reset();
    SnapshotUpdate first = update(snapshot(1));
    first.publications = {publication("b.deb"), publication("a.deb"), fileless, pending};
    REQUIRE(store->record_snapshot(first).has_value());
    CHECK(store->publications("ubuntu", warty_i386()) ==
          std::vector{fileless, publication("a.deb"), publication("b.deb")});

    SnapshotUpdate second = update(snapshot(2));
    second.publications = {publication("a.deb"), publication("c.deb")};
    second.publications[0].status = model::PublicationStatus::superseded;
    REQUIRE(store->record_snapshot(second).has_value());

    CHECK(store->publications("ubuntu", warty_i386()) ==
          std::vector{fileless, publication("b.deb"), publication("c.deb")});
    CHECK(store->publications("ubuntu", warty_source()).empty());
}

TEST_CASE("only the newest snapshots keep their entries, and the oldest go",
          "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Snapshot elsewhere = snapshot(0);
    elsewhere.suite = "warty-updates";
    REQUIRE(store->record_snapshot(update(elsewhere)).has_value());
    for (int hour = 1; hour <= 2'010; ++hour) {
        REQUIRE(store->record_snapshot(update(snapshot(hour))).has_value());
    }

    const auto all = store->snapshots("ubuntu", "warty");

    REQUIRE(all.size() == 2'000);
    CHECK(all.front() == without_entries(snapshot(2'010)));
    CHECK(all.back() == without_entries(snapshot(11)));
    CHECK(store->snapshot_of("ubuntu", snapshot(1'961).text_sha256) == snapshot(1'961));
    CHECK(store->snapshot_of("ubuntu", snapshot(1'960).text_sha256) ==
          without_entries(snapshot(1'960)));
    CHECK(store->newest_snapshot("ubuntu", "warty-updates") == elsewhere);
}

TEST_CASE("validators of a suite are replaced, each suite's its own", "[storage][snapshots]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const SuiteValidators first = update(snapshot(1)).validators;
    SuiteValidators second = first;
    second.etag.clear();
    second.checked += 1h;

    store->keep_validators("ubuntu", "warty", first);
    store->keep_validators("ubuntu", "hoary", first);
    CHECK(store->validators("ubuntu", "warty") == first);
    store->keep_validators("ubuntu", "warty", second);

    CHECK(store->validators("ubuntu", "warty") == second);
    CHECK(store->validators("ubuntu", "hoary") == first);
}
