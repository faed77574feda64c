#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::MirrorSync;

namespace {

model::Author owner(model::Timestamp when) {
    return {.who = "owner with token 7", .when = when, .why = ""};
}

}  // namespace

TEST_CASE("a sync of a mirror is under way until it is complete", "[storage][syncs]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    CHECK(store->mirror_syncs().empty());

    REQUIRE(store->mirror_sync_started("valid-mirror", owner(new_year)).has_value());
    CHECK(store->mirror_syncs() == std::map{std::pair{id, MirrorSync{new_year, std::nullopt}}});
    CHECK(store->probe_requests(new_year).empty());

    REQUIRE(store->mirror_sync_completed("valid-mirror", owner(new_year + 1h)).has_value());
    CHECK(store->mirror_syncs() == std::map{std::pair{id, MirrorSync{new_year, new_year + 1h}}});

    REQUIRE(store->mirror_sync_started("valid-mirror", owner(new_year + 2h)).has_value());
    REQUIRE(store->mirror_sync_started("valid-mirror", owner(new_year + 3h)).has_value());
    CHECK(store->mirror_syncs() ==
          std::map{std::pair{id, MirrorSync{new_year + 3h, std::nullopt}}});
}

TEST_CASE("a sync that is complete asks for a probe, unless one is asked for", "[storage][syncs]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;

    REQUIRE(store->mirror_sync_completed("valid-mirror", owner(new_year)).has_value());
    REQUIRE(store->mirror_sync_completed("valid-mirror", owner(new_year + 1min)).has_value());

    CHECK(store->probe_requests(new_year + 1min) ==
          std::vector{model::ProbeRequest{"valid-mirror", new_year, "owner with token 7"}});
    CHECK(store->audit(id).back() ==
          model::AuditEntry{new_year, "owner with token 7", "probe requested", ""});

    store->record_probe(probe_result(id, new_year + 2min, {}));
    REQUIRE(store->mirror_sync_completed("valid-mirror", owner(new_year + 3min)).has_value());
    CHECK(store->last_probe_request("valid-mirror")->asked == new_year + 3min);
}

TEST_CASE("a sync of which only the end is told began then", "[storage][syncs]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto complete = [&](model::Timestamp when) {
        REQUIRE(store->mirror_sync_completed("valid-mirror", owner(when)).has_value());
        return store->mirror_syncs().at(id);
    };

    CHECK(complete(new_year) == MirrorSync{new_year, new_year});
    CHECK(complete(new_year + 1h) == MirrorSync{new_year + 1h, new_year + 1h});
    REQUIRE(store->mirror_sync_started("valid-mirror", owner(new_year + 3h)).has_value());
    CHECK(complete(new_year + 2h) == MirrorSync{new_year + 3h, new_year + 3h});
}

TEST_CASE("syncs are of mirrors that are there", "[storage][syncs]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->mirror_sync_started("valid-mirror", owner(new_year)).has_value());

    CHECK(store->mirror_sync_started("nobody", foo).error().kind ==
          model::Refusal::Kind::no_such_mirror);
    CHECK(store->mirror_sync_completed("nobody", foo).error().kind ==
          model::Refusal::Kind::no_such_mirror);
    REQUIRE(store->delete_mirror("valid-mirror").has_value());
    CHECK(store->mirror_syncs().empty());
}
