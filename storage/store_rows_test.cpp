#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Freshness;

TEST_CASE("ensuring and deleting a row are idempotent", "[storage][rows]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto added = store->add_mirror(foobarmirror(), true, foo);
    REQUIRE(added.has_value());
    const model::MirrorId id = *added;
    CHECK(store->rows(id).empty());

    const auto first = store->ensure_row(id, warty_i386());
    const auto source = store->ensure_row(id, warty_source());
    const auto again = store->ensure_row(id, warty_i386());

    REQUIRE(first.has_value());
    REQUIRE(source.has_value());
    REQUIRE(again.has_value());
    CHECK(*first == model::ContentRow{warty_i386(), Freshness::unknown});
    CHECK(*again == *first);
    CHECK(store->rows(id) == std::vector<model::ContentRow>{{warty_i386(), Freshness::unknown},
                                                            {warty_source(), Freshness::unknown}});

    store->delete_row(id, warty_i386());
    store->delete_row(id, warty_source());
    store->delete_row(id, warty_source());
    store->delete_row(id,
                      {.series = "nowhere", .pocket = {}, .component = "x", .architecture = "y"});

    CHECK(store->rows(id).empty());
}

TEST_CASE("a row that exists keeps its freshness when it is ensured", "[storage][rows]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    store->record_probe(probe_result(id, new_year, {{warty_i386(), Freshness::one_day_behind}}));

    const auto row = store->ensure_row(id, warty_i386());

    REQUIRE(row.has_value());
    CHECK(row->freshness == Freshness::one_day_behind);
}

TEST_CASE("a row needs a mirror and a bucket that the catalogue has", "[storage][rows]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    model::Bucket bucket = warty_i386();

    SECTION("no such mirror") {
        const auto row = store->ensure_row(model::MirrorId{4711}, bucket);
        REQUIRE(row.has_error());
        CHECK(row.error().kind == model::Refusal::Kind::no_such_mirror);
    }
    SECTION("no such series") {
        bucket.series = "jaunty";
    }
    SECTION("no such component") {
        bucket.component = "restricted";
    }
    SECTION("no such architecture") {
        bucket.architecture = "amd64";
    }
    if (bucket != warty_i386()) {
        const auto row = store->ensure_row(id, bucket);
        REQUIRE(row.has_error());
        CHECK(row.error().kind == model::Refusal::Kind::no_such_bucket);
        CHECK(row.error().detail.find(to_string(bucket)) != std::string::npos);
    }
}

TEST_CASE("rows come in the catalogue's order, newest series first", "[storage][rows]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    using model::Bucket;
    using model::Pocket;
    const std::vector<Bucket> expected = {
        {"breezy-autotest", Pocket::release, "restricted", "i386"},
        {"breezy-autotest", Pocket::release, "multiverse", "i386"},
        {"hoary", Pocket::updates, "main", "source"},
        {"warty", Pocket::release, "main", "i386"},
        {"warty", Pocket::release, "main", "source"},
        {"warty", Pocket::security, "main", "i386"}};
    for (const std::size_t place : {3U, 5U, 1U, 0U, 4U, 2U}) {
        REQUIRE(store->ensure_row(id, expected[place]).has_value());
    }

    std::vector<Bucket> found;
    for (const auto& row : store->rows(id)) {
        found.push_back(row.bucket);
    }

    CHECK(found == expected);
}
