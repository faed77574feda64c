#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Change;
using model::ContentRow;
using model::Decision;
using model::Freshness;
using model::ProbeId;

namespace {

Decision decision(model::MirrorId mirror, ProbeId probe, Change change) {
    Decision one;
    one.mirror = mirror;
    one.probe = probe;
    one.change = change;
    one.reason = "it has nothing";
    one.messages = {message("<" + std::to_string(to_integer(mirror)) + "@host>")};
    return one;
}

}  // namespace

TEST_CASE("the newest probe is the one that was stored last, whatever the clock said",
          "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto probe_at = [&](model::Timestamp when, std::uint32_t number) {
        auto result = probe_result(id, when, {});
        result.observation.since_deep = number;
        result.observation.is_deep = true;
        return store->record_probe(result);
    };
    const auto first = probe_at(new_year, 1);
    const auto ahead = probe_at(new_year + 365 * 24h, 2);
    const auto now = probe_at(new_year + 24h, 3);

    std::vector<ProbeId> newest_first;
    for (const auto& probe : store->probes(id, 9)) {
        newest_first.push_back(probe.id);
    }
    std::vector<std::uint32_t> newest;
    const auto note = [&](model::MirrorId, const model::Observation& observation) {
        newest.push_back(observation.since_deep.value_or(0));
    };
    store->for_each_newest_observation(std::nullopt, note);
    const std::vector<model::MirrorId> one = {id};
    store->for_each_newest_observation(one, note);

    CHECK(newest_first == std::vector<ProbeId>{now, ahead, first});
    CHECK(store->probes(id, 1).at(0).id == now);
    CHECK(store->newest_probes().at(id).id == now);
    CHECK(newest == std::vector<std::uint32_t>{3, 3});
}

TEST_CASE("a probe is stored whole and its rows replace the old", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto first = probe_result(id, new_year, {{warty_i386(), Freshness::up}});
    first.images = {{"warty", "ubuntu"}};
    auto second = probe_result(id, new_year + 24h, {{warty_source(), Freshness::one_week_behind}});
    second.record.verdict = model::ProbeVerdict::failed;
    second.record.suspect = true;
    second.record.decided = false;
    second.record.requests = 4'000'000'000;
    second.images = {{"hoary", "kubuntu"}};

    const ProbeId first_id = store->record_probe(first);
    CHECK(store->rows(id) == first.rows);
    CHECK(store->images(id) == first.images);
    const ProbeId second_id = store->record_probe(second);

    CHECK(store->rows(id) == second.rows);
    CHECK(store->images(id) == second.images);
    CHECK(store->probes(id, 9) ==
          std::vector<model::StoredProbe>{{second_id, second.record}, {first_id, first.record}});
    CHECK(store->probes(id, 1) == std::vector<model::StoredProbe>{{second_id, second.record}});
    CHECK(store->probe_log(first_id) == first.log_gz);
    CHECK(store->probe_log(ProbeId{4711}) == std::nullopt);

    store->delete_probe(second_id);
    store->delete_probe(second_id);

    CHECK(store->probe_log(second_id) == std::nullopt);
    CHECK(store->probes(id, 9) == std::vector<model::StoredProbe>{{first_id, first.record}});
    CHECK(store->rows(id) == second.rows);
}

TEST_CASE("rows that stay the same, change or go are as the probe says", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    const std::vector<ContentRow> before = {{warty_i386(), Freshness::up},
                                            {warty_source(), Freshness::up}};
    store->record_probe(probe_result(other, new_year, before));
    store->record_probe(probe_result(id, new_year, before));
    std::vector<ContentRow> after = before;

    SECTION("the same") {}
    SECTION("one is staler") {
        after[1].freshness = Freshness::one_day_behind;
    }
    SECTION("one is gone") {
        after.pop_back();
    }
    SECTION("all are gone") {
        after.clear();
    }
    store->record_probe(probe_result(id, new_year + 24h, after));

    CHECK(store->rows(id) == after);
    CHECK(store->rows(other) == before);
    CHECK(store->probes(id, 9).size() == 2);
}

TEST_CASE("a probe that cannot be stored whole is not stored", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const std::vector<ContentRow> before = {{warty_i386(), Freshness::up}};
    store->record_probe(probe_result(id, new_year, before));
    auto result = probe_result(id, new_year + 24h, {{warty_source(), Freshness::up}});

    SECTION("a series is unknown") {
        result.rows.push_back({warty_i386(), Freshness::up});
        result.rows.back().bucket.series = "jaunty";
    }
    SECTION("an image set's series is unknown") {
        result.images = {{"jaunty", "ubuntu"}};
    }
    SECTION("a bucket is there twice") {
        result.rows.push_back({warty_source(), Freshness::unknown});
    }
    SECTION("the mirror is gone") {
        result.mirror = model::MirrorId{4711};
    }
    CHECK_THROWS_AS(store->record_probe(result), model::StorageError);

    CHECK(store->rows(id) == before);
    CHECK(store->images(id).empty());
    CHECK(store->probes(id, 9).size() == 1);
    // The next one is stored, new buckets and all.
    result = probe_result(id, new_year + 24h, {{warty_source(), Freshness::up}});
    store->record_probe(result);
    CHECK(store->rows(id) == result.rows);
}

TEST_CASE("probes that are stored together are there all, or none", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto one = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("invalid-mirror")->state.id;
    const std::vector<ContentRow> old_rows = {{warty_source(), Freshness::up}};
    store->record_probe(probe_result(one, new_year, old_rows));
    const std::vector<ContentRow> new_rows = {{warty_i386(), Freshness::up}};
    std::vector<model::ProbeResult> results = {probe_result(one, new_year + 24h, new_rows),
                                               probe_result(other, new_year + 24h, new_rows)};

    SECTION("all") {
        const auto ids = store->record_probes(results);

        REQUIRE(ids.size() == 2);
        CHECK(store->rows(one) == new_rows);
        CHECK(store->rows(other) == new_rows);
        CHECK(store->probes(one, 1).front().id == ids[0]);
        CHECK(store->probes(other, 1).front().id == ids[1]);
        const auto newest = store->newest_probes();
        REQUIRE(newest.size() == 2);
        CHECK(newest.at(one).id == ids[0]);
        CHECK(newest.at(one).record == results[0].record);
        CHECK(newest.at(other).id == ids[1]);
        CHECK(store->unordered_rows(one) == new_rows);
    }
    SECTION("none, where the last cannot be stored") {
        results.back().mirror = model::MirrorId{4711};

        CHECK_THROWS_AS(store->record_probes(results), model::StorageError);

        CHECK(store->rows(one) == old_rows);
        CHECK(store->probes(one, 9).size() == 1);
    }
}

TEST_CASE("any number of probes is stored together", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto count = GENERATE(as<std::size_t>{}, 16, 17, 40);
    std::vector<model::ProbeResult> results;
    for (std::size_t i = 0; i < count; ++i) {
        auto mirror = store->mirror("valid-mirror")->mirror;
        mirror.name = "mirror" + std::to_string(i);
        mirror.http_url = "http://127.0.1." + std::to_string(i + 1) + "/";
        const auto id = store->add_mirror(mirror, true, foo);
        REQUIRE(id.has_value());
        store->record_probe(probe_result(*id, new_year, {{warty_source(), Freshness::up}}));
        results.push_back(
            probe_result(*id, new_year + 24h,
                         {{warty_i386(), i % 2 == 0 ? Freshness::up : Freshness::unknown}}));
        results.back().log_gz = std::string("log \0 of ", 9) + std::to_string(i);
    }

    const auto ids = store->record_probes(results);

    REQUIRE(ids.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
        CHECK(store->rows(results[i].mirror) == results[i].rows);
        CHECK(store->probe_log(ids[i]) == results[i].log_gz);
    }
    std::vector<model::Decision> decisions(count);
    for (std::size_t i = 0; i < count; ++i) {
        decisions[i].mirror = results[i].mirror;
        decisions[i].probe = ids[i];
        decisions[i].suspect = i % 3 == 0;
    }
    store->apply(decisions, foo);
    for (std::size_t i = 0; i < count; ++i) {
        const auto stored = store->probes(results[i].mirror, 1).front();
        CHECK(stored.record.decided);
        CHECK(stored.record.suspect == (i % 3 == 0));
    }
}

TEST_CASE("the newest probe decides which mirrors are due", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto due = [&] {
        std::vector<std::string> unprobed;
        for (const auto& overview :
             store->mirror_overviews({.content = model::Content::archive, .only_enabled = true})) {
            if (!overview.last_probe) {
                unprobed.push_back(overview.mirror.mirror.name);
            }
        }
        return unprobed;
    };
    CHECK(due() == std::vector<std::string>{"archive-404-mirror", "valid-mirror"});

    const auto probe = store->record_probe(probe_result(id, new_year, {}));
    CHECK(due() == std::vector<std::string>{"archive-404-mirror"});

    store->delete_probe(probe);
    CHECK(due() == std::vector<std::string>{"archive-404-mirror", "valid-mirror"});
}

TEST_CASE("a decision is stored with its mail, its mark and its audit", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto result = probe_result(id, new_year, {});
    result.record.decided = false;
    const auto probe = store->record_probe(result);
    const model::Author prober{.who = "prober", .when = new_year + 1h, .why = ""};
    const Decision disable = decision(id, probe, Change::disable);

    CHECK(store->apply(std::vector{disable}, prober) == std::vector<bool>{true});

    auto stored = store->mirror("valid-mirror");
    CHECK_FALSE(stored->state.enabled);
    CHECK(stored->state.disabled_by == model::DisabledBy::prober);
    CHECK(stored->state.disabled_reason == "it has nothing");
    CHECK(store->probes(id, 1)[0].record.decided);
    CHECK_FALSE(store->probes(id, 1)[0].record.suspect);
    CHECK(store->audit(id).back() ==
          model::AuditEntry{new_year + 1h, "prober", "disabled", "it has nothing"});
    REQUIRE(store->outbox(false).size() == 1);
    CHECK(store->outbox(false)[0].created == new_year + 1h);

    // The same decision again changes nothing and mails nobody.
    CHECK(store->apply(std::vector{disable}, prober) == std::vector<bool>{false});
    CHECK(store->outbox(false).size() == 1);

    Decision enable = decision(id, probe, Change::enable);
    enable.messages = {message("<back@host>")};
    CHECK(store->apply(std::vector{enable}, prober) == std::vector<bool>{true});
    stored = store->mirror("valid-mirror");
    CHECK(stored->state.enabled);
    CHECK(stored->state.disabled_by == model::DisabledBy::nobody);
    CHECK(stored->state.disabled_reason.empty());
    CHECK(store->outbox(false).size() == 2);
}

TEST_CASE("a mirror whose maintenance began meanwhile keeps its state", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto change = GENERATE(Change::disable, Change::enable);
    if (change == Change::enable) {
        store->apply(std::vector{decision(id, ProbeId{}, Change::disable)}, foo);
    }
    const std::size_t mails = store->outbox(false).size();
    REQUIRE(store->set_maintenance("valid-mirror", new_year + 1h, foo).has_value());

    CHECK(store->apply(std::vector{decision(id, ProbeId{}, change)}, foo) ==
          std::vector<bool>{false});
    CHECK(store->mirror("valid-mirror")->state.enabled == (change == Change::disable));
    CHECK(store->outbox(false).size() == mails);

    model::Author later = foo;
    later.when = new_year + 1h;
    CHECK(store->apply(std::vector{decision(id, ProbeId{}, change)}, later) ==
          std::vector<bool>{true});
    CHECK(store->mirror("valid-mirror")->state.enabled == (change == Change::enable));
}

TEST_CASE("a decision that applies no more is dropped with its mail", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    Decision stale = decision(id, ProbeId{}, Change::disable);
    auto disabled_by = model::DisabledBy::admin;

    SECTION("an admin was quicker to disable it") {
        REQUIRE(store->disable_mirror("valid-mirror", foo, {}).has_value());
    }
    SECTION("what an admin switched off does not come back") {
        REQUIRE(store->disable_mirror("valid-mirror", foo, {}).has_value());
        stale.change = Change::enable;
    }
    SECTION("an admin was quicker to enable it") {
        disabled_by = model::DisabledBy::nobody;
        stale.change = Change::enable;
    }
    SECTION("the mirror is gone") {
        disabled_by = model::DisabledBy::nobody;
        stale.mirror = model::MirrorId{4711};
    }
    const auto audit = store->audit(id);
    const auto made =
        store->apply(std::vector{stale, decision(other, ProbeId{}, Change::disable)}, foo);

    CHECK(made == std::vector<bool>{false, true});
    CHECK(store->mirror("valid-mirror")->state.disabled_by == disabled_by);
    CHECK(store->audit(id) == audit);
    CHECK(store->outbox(false).size() == 1);
}

TEST_CASE("a doubted probe is marked, and the admins are told", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto result = probe_result(id, new_year, {});
    result.record.decided = false;
    const auto probe = store->record_probe(result);
    Decision doubted = decision(id, probe, Change::none);
    doubted.suspect = true;

    CHECK(store->apply(std::vector{doubted}, foo) == std::vector<bool>{true});

    CHECK(store->mirror("valid-mirror")->state.enabled);
    CHECK(store->probes(id, 1)[0].record.decided);
    CHECK(store->probes(id, 1)[0].record.suspect);
    CHECK(store->audit(id).size() == 1);
    CHECK(store->outbox(false).size() == 1);
}

TEST_CASE("decisions are stored all together or not at all", "[storage][probes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    Decision broken = decision(other, ProbeId{}, Change::disable);
    broken.messages[0].body.push_back('\0');

    CHECK_THROWS_AS(
        store->apply(std::vector{decision(id, ProbeId{}, Change::disable), broken}, foo),
        model::StorageError);

    CHECK(store->mirror("valid-mirror")->state.enabled);
    CHECK(store->mirror("archive-404-mirror")->state.enabled);
    CHECK(store->outbox(true).empty());
}
