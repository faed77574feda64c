#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::ProbeRequest;
using model::Refusal;

namespace {

const model::Author owner{.who = "owner with token 3", .when = new_year, .why = "new disks"};

model::Author later(std::chrono::seconds by) {
    return {.who = "bob", .when = new_year + by, .why = ""};
}

}  // namespace

TEST_CASE("a request for a probe waits until a probe that began later", "[storage][requests]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const std::vector<ProbeRequest> asked = {{"valid-mirror", new_year, "owner with token 3"}};

    REQUIRE(store->request_probe("valid-mirror", 1h, owner).has_value());

    CHECK(store->probe_requests(new_year) == asked);
    CHECK(store->last_probe_request("valid-mirror") == asked[0]);
    CHECK(store->last_probe_request("invalid-mirror") == std::nullopt);
    CHECK(store->audit(id).back() ==
          model::AuditEntry{new_year, "owner with token 3", "probe requested", "new disks"});
    store->record_probe(probe_result(id, new_year - 1us, {}));
    CHECK(store->probe_requests(new_year) == asked);
    store->record_probe(probe_result(id, new_year, {}));
    CHECK(store->probe_requests(new_year).empty());
    CHECK(store->last_probe_request("valid-mirror") == asked[0]);
}

TEST_CASE("a request that no probe answers is forgotten after a day", "[storage][requests]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->request_probe("valid-mirror", 1h, owner).has_value());

    CHECK(store->probe_requests(new_year + 24h - 1us).size() == 1);
    CHECK(store->probe_requests(new_year + 24h).empty());
    CHECK(store->request_probe("valid-mirror", 1h, later(24h)).has_value());
}

TEST_CASE("a second request is refused while one waits, and within its pause after that",
          "[storage][requests]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    REQUIRE(store->request_probe("valid-mirror", 1h, owner).has_value());
    const auto entries = store->audit(id).size();

    const auto waits = store->request_probe("valid-mirror", 0s, later(1s));
    const auto soon = store->request_probe("valid-mirror", 1h, later(1s));

    REQUIRE(waits.has_error());
    CHECK(waits.error().kind == Refusal::Kind::already_so);
    REQUIRE(soon.has_error());
    CHECK(soon.error().kind == Refusal::Kind::too_soon);
    CHECK(says(soon.error().detail, "ask again after 2026-01-01T01:00:00Z"));
    store->record_probe(probe_result(id, new_year + 1s, {}));
    CHECK(store->request_probe("valid-mirror", 1h, later(1h - 1s)).error().kind ==
          Refusal::Kind::too_soon);
    CHECK(store->audit(id).size() == entries);
    CHECK(store->request_probe("valid-mirror", 0s, later(2s)).has_value());
    CHECK(store->probe_requests(new_year + 2s) ==
          std::vector<ProbeRequest>{{"valid-mirror", new_year + 2s, "bob"}});
    CHECK(store->request_probe("nobody", 0s, owner).error().kind == Refusal::Kind::no_such_mirror);
}

TEST_CASE("a probe of the future answers no request", "[storage][requests]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    store->record_probe(probe_result(id, new_year + 365 * 24h, {}));

    REQUIRE(store->request_probe("valid-mirror", 0s, later(1s)).has_value());

    CHECK(store->probe_requests(new_year + 2s).size() == 1);
    CHECK(store->request_probe("valid-mirror", 0s, later(2s)).has_error());
    store->record_probe(probe_result(id, new_year + 3s, {}));
    CHECK(store->probe_requests(new_year + 4s).empty());
    CHECK(store->request_probe("valid-mirror", 0s, later(4s)).has_value());
}

TEST_CASE("a request of the future does not wait, and holds up no other", "[storage][requests]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->request_probe("valid-mirror", 1h, later(365 * 24h)).has_value());
    REQUIRE(store->mirror_sync_completed("invalid-mirror", later(365 * 24h)).has_value());

    CHECK(store->probe_requests(new_year).empty());
    CHECK(store->request_probe("valid-mirror", 1h, owner).has_value());
    CHECK(store->mirror_sync_completed("invalid-mirror", owner).has_value());

    CHECK(store->probe_requests(new_year) ==
          std::vector<ProbeRequest>{{"valid-mirror", new_year, "owner with token 3"},
                                    {"invalid-mirror", new_year, "owner with token 3"}});
}

TEST_CASE("requests wait by age", "[storage][requests]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());

    REQUIRE(store->request_probe("valid-mirror", 0s, later(2s)).has_value());
    REQUIRE(store->request_probe("invalid-mirror", 0s, later(1s)).has_value());

    const auto all = store->probe_requests(new_year + 1h);
    REQUIRE(all.size() == 2);
    CHECK(all[0].mirror == "invalid-mirror");
    CHECK(all[1].mirror == "valid-mirror");
}
