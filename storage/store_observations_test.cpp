#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>

using namespace storage::testing;
using namespace std::chrono_literals;
using model::MirrorId;
using model::Observation;
using model::ObservedProbe;
using model::ProbeId;
using model::Timestamp;

namespace {

/// Of a mirror whose warty is so many hours behind.
Observation observation(std::chrono::hours behind) {
    Observation seen;
    model::SuiteState suite;
    suite.suite = "warty";
    suite.integrity = model::Integrity::torn;
    suite.lag = model::Lag{.behind = behind};
    seen.suites = {suite};
    seen.costs = {{.kind = "release", .requests = 1, .bytes = 5'000'000'000}};
    return seen;
}

model::ProbeResult observed(MirrorId mirror, Timestamp started, Observation seen) {
    auto result = probe_result(mirror, started, {});
    result.observation = std::move(seen);
    return result;
}

struct Told {
    std::string mirror;
    ProbeId probe;
    std::string observation;

    friend bool operator==(const Told&, const Told&) = default;
};

std::vector<Told> told(model::Store& store, const std::string& distribution, Timestamp since) {
    std::vector<Told> all;
    store.for_each_observation(distribution, since, [&](const ObservedProbe& one) {
        all.push_back({one.mirror, one.probe.id, to_json(one.observation)});
    });
    return all;
}

}  // namespace

TEST_CASE("what a probe observed is kept with it and goes with it", "[storage][observations]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;

    const auto probe = store->record_probe(observed(id, new_year, observation(7h)));

    const auto kept = store->observation(probe);
    REQUIRE(kept.has_value());
    CHECK(to_json(*kept) == to_json(observation(7h)));
    REQUIRE(kept->suites.size() == 1);
    CHECK(kept->suites[0].integrity == model::Integrity::torn);
    REQUIRE(kept->suites[0].lag.has_value());
    CHECK(kept->suites[0].lag->behind == 7h);
    CHECK(kept->costs.at(0).bytes == 5'000'000'000);

    store->delete_probe(probe);

    CHECK(store->observation(probe) == std::nullopt);
}

TEST_CASE("a probe that observed nothing keeps nothing", "[storage][observations]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;

    const auto probe = store->record_probe(probe_result(id, new_year, {}));

    CHECK(store->observation(probe) == std::nullopt);
    CHECK(store->observation(ProbeId{4711}) == std::nullopt);
}

TEST_CASE("each part of an observation is enough to keep it", "[storage][observations]") {
    const auto database = make_database("sqlite");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    Observation seen;
    const int part = GENERATE(range(0, 7));
    switch (part) {
    case 0: seen.suites.emplace_back(); break;
    case 1: seen.addresses.push_back({"192.0.2.7", {model::OutcomeKind::refused}}); break;
    case 2: seen.certificate.emplace(); break;
    case 3: seen.traces.emplace_back(); break;
    case 4: seen.costs.emplace_back(); break;
    case 5: seen.findings.emplace_back(); break;
    default: seen.is_deep = true; break;
    }

    const auto probe = store->record_probe(observed(id, new_year, seen));

    CAPTURE(part);
    CHECK(store->observation(probe).has_value());
}

TEST_CASE("observations are told oldest first, of one distribution, since a time",
          "[storage][observations]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    auto catalog = acceptance_catalog();
    catalog.distributions.push_back(ubuntu());
    catalog.distributions.back().name = "other";
    auto elsewhere = foobarmirror();
    elsewhere.distribution = "other";
    catalog.mirrors.push_back({.mirror = elsewhere, .enabled = {}, .line = 1});
    load(*store, catalog);
    const auto valid = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    const auto record = [&](MirrorId mirror, Timestamp when, Observation seen) {
        return store->record_probe(observed(mirror, when, std::move(seen)));
    };
    const auto late = record(valid, new_year + 3h, observation(3h));
    const auto first = record(valid, new_year + 1h, observation(1h));
    const auto same_time = record(other, new_year + 1h, observation(2h));
    const auto nothing = record(other, new_year + 2h, {});
    record(valid, new_year + 1h - 1us, observation(9h));
    record(store->mirror("foobarmirror")->state.id, new_year + 2h, observation(8h));

    const auto all = told(*store, "ubuntu", new_year + 1h);

    CHECK(all == std::vector<Told>{{"valid-mirror", first, to_json(observation(1h))},
                                   {"archive-404-mirror", same_time, to_json(observation(2h))},
                                   {"archive-404-mirror", nothing, to_json(Observation{})},
                                   {"valid-mirror", late, to_json(observation(3h))}});
    CHECK(told(*store, "debian", new_year).empty());
}

TEST_CASE("thousands of observations are told once each, and a callback may use the store",
          "[storage][observations]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    // Many of one time, so that a page ends among equals.
    const int count = GENERATE(199, 200, 201, 1'000);
    for (int i = 0; i < count; ++i) {
        store->record_probe(observed(id, new_year + std::chrono::hours{i / 300}, observation(1h)));
    }

    std::vector<ProbeId> ids;
    store->for_each_observation("ubuntu", new_year, [&](const ObservedProbe& one) {
        ids.push_back(one.probe.id);
        CHECK(store->probe_log(one.probe.id).has_value());
    });

    REQUIRE(ids.size() == static_cast<std::size_t>(count));
    CHECK(std::is_sorted(ids.begin(), ids.end()));
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}
