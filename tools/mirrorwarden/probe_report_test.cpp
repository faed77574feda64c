#include "tools/mirrorwarden/probe_report.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/mirrorwarden/progress_line.hpp"
#include "tools/mirrorwarden/testing/small_world.hpp"

#include <nlohmann/json.hpp>
#include <string>

using namespace mirrorwarden;
using namespace mirrorwarden::testing;
using namespace std::chrono_literals;

namespace {

ProbeReport example_report() {
    ProbeReport report;
    report.started = noon;
    report.finished = noon + 90s;
    ProbedMirror good;
    good.mirror.mirror = small_mirror("good", "tiny");
    good.record = {.started = noon,
                   .finished = noon + 80s,
                   .verdict = model::ProbeVerdict::passed,
                   .decided = true,
                   .requests = 7,
                   .expected = 4,
                   .found = 3,
                   .outcomes = {{"ok", 6}, {"http-status 404", 1}}};
    good.freshness.overall = model::Freshness::one_day_behind;
    good.rows = 3;
    auto gone = good;
    gone.mirror.mirror = small_mirror("gone", "tiny");
    gone.change = model::Change::disable;
    gone.record.verdict = model::ProbeVerdict::failed;
    auto back = good;
    back.mirror.mirror = small_mirror("back", "tiny");
    back.change = model::Change::enable;
    report.mirrors = {back, gone, good};
    report.unfinished = {{.mirror = {}, .name = "slow", .reason = "the run was ended"}};
    return report;
}

}  // namespace

TEST_CASE("a run's JSON has what scripts were promised", "[tools][probe_report]") {
    const auto json = nlohmann::json::parse(report_json(example_report()));

    CHECK(json["started"] == "2026-03-01T12:00:00Z");
    CHECK(json["finished"] == "2026-03-01T12:01:30Z");
    CHECK(json["probed"] == 3);
    CHECK(json["disabled"] == nlohmann::json{"gone"});
    CHECK(json["enabled"] == nlohmann::json{"back"});
    CHECK(json["suspect"] == false);
    CHECK(json["interrupted"] == false);
    CHECK(json["unfinished"][0]["name"] == "slow");
    REQUIRE(json["mirrors"].size() == 3);
    const auto& good = json["mirrors"][2];
    CHECK(good["name"] == "good");
    CHECK(good["verdict"] == "passed");
    CHECK(good["rows"] == 3);
    CHECK(good["requests"] == 7);
    CHECK(good["outcomes"] == nlohmann::json{{"ok", 6}, {"http-status 404", 1}});
    CHECK(good["freshness"] == "ONEDAYBEHIND");
}

TEST_CASE("a run's report says how far behind and how whole a mirror is", "[tools][probe_report]") {
    auto report = example_report();
    report.mirrors[2].integrity = model::Integrity::syncing;
    report.mirrors[2].lag = model::Lag{.behind = 200min, .is_estimated = false};
    report.mirrors[2].judged.why = {"lag>1h: one is 3 h 20 min behind"};
    report.mirrors[2].is_kept = true;

    const auto json = nlohmann::json::parse(report_json(report));
    const auto text = report_text(report, {});

    CHECK(json["mirrors"][2]["lag"] == 12'000);
    CHECK(json["mirrors"][2]["integrity"] == "syncing");
    CHECK(json["mirrors"][2]["why"][0] == "lag>1h: one is 3 h 20 min behind");
    CHECK(json["mirrors"][2]["kept"] == true);
    CHECK(json["mirrors"][1]["lag"].is_null());
    CHECK(json["mirrors"][1]["integrity"].is_null());
    INFO(text);
    CHECK(text.find("3 h 20 min") != std::string::npos);
    CHECK(text.find("syncing") != std::string::npos);
    CHECK(text.find("kept: one of the last") != std::string::npos);
}

TEST_CASE("a run's JSON says what is doubted", "[tools][probe_report]") {
    auto report = example_report();
    report.doubts = {{"tiny", "too many at once"}};

    const auto json = nlohmann::json::parse(report_json(report));

    CHECK(json["suspect"] == true);
    CHECK(json["doubts"][0]["distribution"] == "tiny");
    CHECK(json["doubts"][0]["reason"] == "too many at once");
}

TEST_CASE("a run's table has a line for each mirror, the unfinished too", "[tools][probe_report]") {
    const auto text = report_text(example_report(), {});

    INFO(text);
    CHECK(text.find("good") != std::string::npos);
    CHECK(text.find("disabled") != std::string::npos);
    CHECK(text.find("none: the run was ended") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 5);
}

TEST_CASE("progress is told in the words of one line", "[tools][progress_line]") {
    prober::RunCounters counters{.mirrors_total = 450,
                                 .mirrors_done = 120,
                                 .targets_total = 61'200,
                                 .targets_done = 15'300,
                                 .requests = 20'000,
                                 .failures = 12};

    CHECK(describe_progress(counters, 10s) ==
          "120 of 450 mirrors, 20,000 requests, 2,000/s, 12 failures, about 30 s left");
    counters.targets_done = 170;
    CHECK(describe_progress(counters, 10s) ==
          "120 of 450 mirrors, 20,000 requests, 2,000/s, 12 failures, about 60 min left");
    CHECK(describe_progress({}, 0s) == "0 of 0 mirrors, 0 requests, 0/s, 0 failures");
}
