#include "model/policy_replay.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::ProbeVerdict;
using model::ReplayedMirror;
using model::Switch;

namespace {

constexpr std::chrono::hours day{24};

const model::Timestamp begin = *model::parse_timestamp("2026-11-01T00:00:00Z");

model::Timestamp on_day(int number) {
    return begin + number * day;
}

model::ProbeRecord record(int number, ProbeVerdict verdict) {
    model::ProbeRecord made;
    made.started = on_day(number) + std::chrono::hours{6};
    made.finished = made.started + std::chrono::minutes{10};
    made.verdict = verdict;
    return made;
}

model::Observation behind(std::chrono::seconds lag) {
    model::Observation made;
    auto& suite = made.suites.emplace_back();
    suite.suite = "bookworm";
    suite.integrity = model::Integrity::whole;
    suite.lag = model::Lag{.behind = lag, .is_estimated = false};
    return made;
}

model::Policy policy(const std::vector<std::string>& words) {
    model::Policy made;
    for (const auto& word : words) {
        made.disable_when.push_back(*model::parse_disable_reason(word));
    }
    return made;
}

ReplayedMirror mirror(std::string name) {
    ReplayedMirror made;
    made.name = std::move(name);
    made.country = "BR";
    return made;
}

/// "+3 -5": switched on on day 3, off on day 5.
std::string told(const std::vector<Switch>& switches) {
    std::string text;
    for (const auto& change : switches) {
        text += (text.empty() ? "" : " ") + std::string{change.enabled ? "+" : "-"} +
                std::to_string((change.when - begin) / day);
    }
    return text;
}

}  // namespace

TEST_CASE("a policy is replayed over what one mirror's probes found", "[model][policy_replay]") {
    struct Row {
        std::vector<std::string> reasons;
        int failures;
        int successes;
        std::string probes;  // one a day: p passed, f failed, s suspect failure, or days of lag
        std::string expected;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {{}, 1, 1, "pp", "", "all is well"},
        {{}, 1, 1, "pfp", "-1 +2", "the rules of old"},
        {{}, 2, 1, "pfpff", "-4", "two failures in a row are asked for"},
        {{}, 1, 2, "fpfpp", "-0 +4", "two successes in a row are asked for"},
        {{}, 2, 1, "fsf", "-2", "a suspect one neither counts nor ends the row"},
        {{}, 1, 1, "ss", "", "suspect ones alone decide nothing"},
        {{"lag>7d"}, 1, 1, "0789", "-2", "days of lag; 7 is not over 7"},
        {{"lag>7d"}, 1, 1, "8880", "-0 +3", "and back"},
        {{"lag>7d"}, 1, 1, "ff", "", "no-content was left out"},
        {{"lag>7d", "no-content"}, 1, 1, "8f0", "-0 +2", "off for one reason, still off for other"},
    }));
    CAPTURE(row.why);
    model::Policy asked = policy(row.reasons);
    asked.failures_before_disable = row.failures;
    asked.successes_before_enable = row.successes;
    model::PolicyReplay replay{asked, {mirror("valid")}, begin};

    for (int i = 0; i < static_cast<int>(row.probes.size()); ++i) {
        const char letter = row.probes[static_cast<std::size_t>(i)];
        const bool has_failed = letter == 'f' || letter == 's';
        auto probe = record(i, has_failed ? ProbeVerdict::failed : ProbeVerdict::passed);
        probe.suspect = letter == 's';
        const bool is_lag = letter >= '0' && letter <= '9';
        replay.add("valid", probe, is_lag ? behind((letter - '0') * day) : model::Observation{});
    }
    const auto result = std::move(replay).finish(on_day(20));

    REQUIRE(result.mirrors.size() == 1);
    CHECK(told(result.mirrors[0].would_be.switches) == row.expected);
    CHECK(result.probes == row.probes.size());
    CHECK(result.mirrors[0].was.switches.empty());
    CHECK(result.mirrors[0].differs() == !row.expected.empty());
}

TEST_CASE("the time that a mirror is off is summed", "[model][policy_replay]") {
    auto valid = mirror("valid");
    valid.switches = {{on_day(-3), false, false, "failed"},
                      {on_day(2), true, false, "passed"},
                      {on_day(4), false, false, "failed"}};
    valid.enabled_now = false;
    model::PolicyReplay replay{policy({"lag>7d"}), {valid}, begin};
    replay.add("valid", record(1, ProbeVerdict::passed), behind(0 * day));

    const auto result = std::move(replay).finish(on_day(10));

    const auto& courses = result.mirrors.at(0);
    CHECK(told(courses.was.switches) == "+2 -4");
    CHECK(courses.was.off == 8 * day);
    CHECK_FALSE(courses.was.enabled_at_end);
    CHECK(told(courses.would_be.switches) == "+1");
    CHECK(courses.would_be.off == 30 * std::chrono::hours{1} + std::chrono::minutes{10});
    CHECK(courses.would_be.enabled_at_end);
    CHECK(courses.differs());
}

TEST_CASE("what came before the first known switch was its opposite", "[model][policy_replay]") {
    auto valid = mirror("valid");
    valid.switches = {{on_day(2), true, false, "passed"}};
    model::PolicyReplay replay{{}, {valid}, begin};

    const auto result = std::move(replay).finish(on_day(10));

    CHECK(result.mirrors.at(0).was.off == 2 * day);
}

TEST_CASE("what an admin switches is switched in the replay too", "[model][policy_replay]") {
    auto valid = mirror("valid");
    valid.switches = {{on_day(1), false, true, "moves house"}, {on_day(5), true, true, "moved"}};
    model::PolicyReplay replay{{}, {valid}, begin};
    replay.add("valid", record(3, ProbeVerdict::passed), {});
    replay.add("valid", record(6, ProbeVerdict::failed), {});

    const auto result = std::move(replay).finish(on_day(10));

    CHECK(told(result.mirrors.at(0).would_be.switches) == "-1 +5 -6");
}

TEST_CASE("failures count from the last time on that an admin enabled the mirror",
          "[model][policy_replay]") {
    auto valid = mirror("valid");
    valid.switches = {{on_day(1) + std::chrono::hours{2}, false, false, "failed"},
                      {on_day(1) + std::chrono::hours{9}, true, true, "moved"}};
    model::Policy asked;
    asked.failures_before_disable = 2;
    model::PolicyReplay replay{asked, {valid}, begin};
    for (int day_number = 0; day_number < 4; ++day_number) {
        replay.add("valid", record(day_number, ProbeVerdict::failed), {});
    }

    const auto result = std::move(replay).finish(on_day(5));

    CHECK(told(result.mirrors.at(0).would_be.switches) == "-1 +1 -3");
}

TEST_CASE("in maintenance nothing is switched", "[model][policy_replay]") {
    auto valid = mirror("valid");
    valid.maintenance = {{on_day(0), on_day(2)}};
    model::PolicyReplay replay{{}, {valid}, begin};
    replay.add("valid", record(0, ProbeVerdict::failed), {});
    replay.add("valid", record(1, ProbeVerdict::failed), {});
    replay.add("valid", record(2, ProbeVerdict::failed), {});

    const auto result = std::move(replay).finish(on_day(10));

    CHECK(told(result.mirrors.at(0).would_be.switches) == "-2");
}

TEST_CASE("what could not be judged brings no mirror back there either", "[model][policy_replay]") {
    model::PolicyReplay replay{policy({"lag>7d"}), {mirror("valid")}, begin};
    replay.add("valid", record(0, ProbeVerdict::passed), behind(9 * day));
    auto untold = behind({});
    untold.suites.front().lag.reset();
    replay.add("valid", record(1, ProbeVerdict::passed), untold);
    replay.add("valid", record(2, ProbeVerdict::passed), behind(0 * day));

    const auto result = std::move(replay).finish(on_day(3));

    CHECK(told(result.mirrors.at(0).would_be.switches) == "-0 +2");
}

TEST_CASE("a run that would disable too many decides nothing", "[model][policy_replay]") {
    std::vector<ReplayedMirror> mirrors;
    mirrors.reserve(8);
    for (int i = 0; i < 8; ++i) {
        mirrors.push_back(mirror("mirror-" + std::to_string(i)));
    }
    model::PolicyReplay replay{policy({"lag>7d"}), mirrors, begin};
    for (int day_number = 0; day_number < 2; ++day_number) {
        for (int i = 0; i < 8; ++i) {
            // On the first day five of eight are behind, on the second four.
            replay.add("mirror-" + std::to_string(i), record(day_number, ProbeVerdict::passed),
                       behind(i < 5 - day_number ? 9 * day : 0 * day));
        }
    }

    const auto result = std::move(replay).finish(on_day(3));

    CHECK(result.doubtful_runs == 1);
    CHECK(told(result.mirrors.at(0).would_be.switches) == "-1");
    CHECK(result.mirrors.at(4).would_be.switches.empty());
}

TEST_CASE("the last mirrors of a country are kept, and that is told", "[model][policy_replay]") {
    auto elsewhere = mirror("elsewhere");
    elsewhere.country = "DE";
    model::Policy asked;
    asked.never_below = 1;
    model::PolicyReplay replay{asked, {mirror("one"), mirror("two"), elsewhere}, begin};
    for (const auto* name : {"one", "two", "elsewhere"}) {
        replay.add(name, record(0, ProbeVerdict::failed), {});
    }

    const auto result = std::move(replay).finish(on_day(3));

    CHECK(told(result.mirrors.at(0).would_be.switches) == "-0");
    CHECK(result.mirrors.at(0).kept.empty());
    CHECK(result.mirrors.at(1).would_be.switches.empty());
    REQUIRE(result.mirrors.at(1).kept.size() == 1);
    CHECK(result.mirrors.at(1).kept[0].why == "no-content");
    CHECK(result.mirrors.at(2).kept.size() == 1);
}

TEST_CASE("a decision that was written down later is no difference", "[model][policy_replay]") {
    auto valid = mirror("valid");
    const auto probe = record(1, ProbeVerdict::failed);
    valid.switches = {{probe.finished + std::chrono::hours{2}, false, false, "failed"}};
    valid.enabled_now = false;
    model::PolicyReplay replay{{}, {valid}, begin};
    replay.add("valid", probe, {});

    const auto result = std::move(replay).finish(on_day(3));

    CHECK_FALSE(result.mirrors.at(0).differs());
}

TEST_CASE("a probe of a mirror that is gone is left out", "[model][policy_replay]") {
    model::PolicyReplay replay{{}, {mirror("valid")}, begin};
    replay.add("deleted", record(1, ProbeVerdict::failed), {});

    const auto result = std::move(replay).finish(on_day(3));

    CHECK(result.probes == 0);
}

TEST_CASE("a mirror's past is read from its audit trail", "[model][policy_replay]") {
    model::StoredMirror stored;
    stored.mirror.name = "valid";
    stored.mirror.country = "BR";
    stored.state.enabled = false;
    const std::vector<model::AuditEntry> audit = {
        {on_day(0), "root", "added", ""},
        {on_day(1), "prober", "disabled", "failed"},
        {on_day(2), "root", "enabled", "repaired"},
        {on_day(3), "root", "maintenance until 2026-11-20T00:00:00Z", "moves"},
        {on_day(4), "root", "maintenance until 2026-11-06T00:00:00Z", "sooner"},
        {on_day(6), "root", "maintenance until 2026-11-30T00:00:00Z", "again"},
        {on_day(7), "root", "maintenance ended", ""},
        {on_day(8), "root", "status OFFICIAL", ""},
    };

    const auto mirror = model::replayed_mirror(stored, audit);

    CHECK(mirror.name == "valid");
    CHECK_FALSE(mirror.enabled_now);
    CHECK(told(mirror.switches) == "-1 +2");
    CHECK_FALSE(mirror.switches.at(0).by_admin);
    CHECK(mirror.switches.at(1).by_admin);
    REQUIRE(mirror.maintenance.size() == 3);
    CHECK(mirror.maintenance[0].until == on_day(4));
    CHECK(mirror.maintenance[1].until == on_day(5));
    CHECK(mirror.maintenance[2].until == on_day(7));
}
