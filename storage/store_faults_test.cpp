#include "storage/open_store.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <unistd.h>

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace storage;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

/// Of warty, so many hours after new year, with a package more each hour.
model::SnapshotUpdate update(int hour) {
    model::SnapshotUpdate one;
    one.distribution = "ubuntu";
    one.snapshot.suite = "warty";
    one.snapshot.date = new_year + std::chrono::hours{hour};
    one.snapshot.first_seen = one.snapshot.date;
    one.snapshot.text_sha256.bytes[0] = static_cast<std::uint8_t>(hour);
    one.snapshot.entries = {{.path = "main/binary-i386/Packages", .size = 7, .sha256 = {}}};
    one.validators.checked = one.snapshot.date;
    one.contents = {{.bucket = warty_i386(), .sha256 = {}, .packages = {}}};
    for (int package = 0; package <= hour; ++package) {
        one.contents[0].packages.push_back(static_cast<std::uint64_t>(package));
    }
    model::Publication publication;
    publication.distribution = "ubuntu";
    publication.bucket = warty_i386();
    publication.source = "pmount";
    publication.version = std::to_string(hour);
    publication.file = "a_" + publication.version + "_i386.deb";
    publication.file_type = model::FileType::deb;
    publication.status = model::PublicationStatus::published;
    publication.published = one.snapshot.date;
    one.publications = {publication};
    return one;
}

/// What is left where the update of hour 1 was stored and no other.
void check_only_first(model::Store& store) {
    const auto first = update(1);
    CHECK(store.newest_snapshot("ubuntu", "warty") == first.snapshot);
    CHECK(store.snapshots("ubuntu", "warty").size() == 1);
    CHECK(store.validators("ubuntu", "warty") == first.validators);
    CHECK(store.index_content("ubuntu", warty_i386()) == first.contents[0]);
    CHECK(store.publications("ubuntu", warty_i386()) == first.publications);
}

/// From now on the server ends the connection that adds to that table, as one that is
/// stopped does.
void end_whoever_adds_to(const EmptyDatabase& database, const std::string& table) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::write};
    connection->execute_script(
        "CREATE FUNCTION go_away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; "
        "CREATE TRIGGER gone BEFORE INSERT ON " +
        table + " FOR EACH ROW EXECUTE FUNCTION go_away()");
    transaction.commit();
}

void let_be(const EmptyDatabase& database) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::write};
    connection->execute_script("DROP FUNCTION go_away() CASCADE");
    transaction.commit();
}

}  // namespace

TEST_CASE("a full disk leaves the snapshot before as it was", "[storage][faults]") {
    const TemporaryFolder folder;
    const std::string url = "sqlite:" + folder.path() + "/a.sqlite";
    {
        const auto store = open_store(url, Opening::ready);
        load(*store, acceptance_catalog());
        REQUIRE(store->record_snapshot(update(1)).has_value());
    }
    // The child's files may not grow beyond 500 KB; each of the two updates is larger.
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{500'000, 500'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto store = open_store(url, Opening::ready);
        auto entries = update(2);
        entries.snapshot.entries[0].path.assign(1'000'000, 'x');
        auto packages = update(2);
        packages.contents[0].packages.resize(200'000, 99);
        int failed = 0;
        for (const auto& one : {entries, packages}) {
            const std::string error = error_of([&] { (void)store->record_snapshot(one); });
            failed += says(error, "could not be read or written") ? 1 : 0;
        }
        const bool goes_on = store->snapshots("ubuntu", "warty").size() == 1;
        ::_exit(failed == 2 && goes_on ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);

    const auto store = open_store(url, Opening::ready);
    check_only_first(*store);
    CHECK(says(store->check(), "integrity ok"));
    CHECK(store->record_snapshot(update(2)).has_value());
}

TEST_CASE("a server that dies within an update keeps nothing of it", "[storage][faults]") {
    if (backends().size() < 2) {
        WARN("skipped: MIRRORWARDEN_TEST_POSTGRES names no server");
        return;
    }
    const auto database = make_database("postgresql");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->record_snapshot(update(1)).has_value());
    const std::string table = GENERATE(as<std::string>{}, "snapshot", "snapshot_entries",
                                       "suite_validators", "index_content", "publication");
    CAPTURE(table);
    end_whoever_adds_to(*database, table);

    const std::string error = error_of([&] { (void)store->record_snapshot(update(2)); });

    CHECK(says(error, "postgresql://"));
    check_only_first(*store);
    let_be(*database);
    REQUIRE(store->record_snapshot(update(2)).has_value());
    CHECK(store->newest_snapshot("ubuntu", "warty") == update(2).snapshot);
    CHECK(store->publications("ubuntu", warty_i386()).size() == 2);
}

TEST_CASE("a server that dies within a probe's results keeps the old ones", "[storage][faults]") {
    if (backends().size() < 2) {
        WARN("skipped: MIRRORWARDEN_TEST_POSTGRES names no server");
        return;
    }
    const auto database = make_database("postgresql");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto before = probe_result(id, new_year, {{warty_i386(), model::Freshness::up}});
    store->record_probe(before);
    auto after = probe_result(id, new_year + 24h, {{warty_source(), model::Freshness::up}});
    after.observation.is_deep = true;
    const std::string table =
        GENERATE(as<std::string>{}, "content_row", "probe", "probe_log", "observation");
    CAPTURE(table);
    end_whoever_adds_to(*database, table);

    const std::string error = error_of([&] { store->record_probe(after); });

    CHECK(says(error, "postgresql://"));
    CHECK(store->rows(id) == before.rows);
    CHECK(store->probes(id, 9).size() == 1);
    let_be(*database);
    const auto probe = store->record_probe(after);
    CHECK(store->rows(id) == after.rows);
    CHECK(store->observation(probe).has_value());
}
