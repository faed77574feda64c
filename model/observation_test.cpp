#include "model/observation.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using model::Integrity;
using model::Observation;
using model::Severity;
using namespace std::chrono_literals;

namespace {

model::SuiteState suite(Integrity integrity, std::optional<model::Lag> lag = {}) {
    model::SuiteState state;
    state.suite = "bookworm";
    state.integrity = integrity;
    state.lag = lag;
    return state;
}

model::Finding finding(Severity severity) {
    model::Finding finding;
    finding.rule = "torn-index";
    finding.severity = severity;
    return finding;
}

}  // namespace

TEST_CASE("integrity and severity have one word each", "[model][observation]") {
    // The words of the manual, which scripts read.
    const auto [value, word] = GENERATE(table<Integrity, std::string>({
        {Integrity::whole, "whole"},
        {Integrity::syncing, "syncing"},
        {Integrity::torn, "torn"},
        {Integrity::expired, "expired"},
        {Integrity::bad_signature, "bad-signature"},
        {Integrity::foreign, "foreign"},
        {Integrity::not_an_archive, "not-an-archive"},
        {Integrity::missing, "missing"},
        {Integrity::unknown, "unknown"},
    }));
    CHECK(to_string(value) == word);
    CHECK((model::parse_integrity(word) == value));
    CHECK_FALSE(model::parse_integrity(word + "x"));

    CHECK(to_string(Severity::good) == "good");
    CHECK(to_string(Severity::warning) == "warning");
    CHECK(to_string(Severity::bad) == "bad");
    CHECK(to_string(Severity::unknown) == "unknown");
    CHECK((model::parse_severity("warning") == Severity::warning));
    CHECK_FALSE(model::parse_severity("WARNING"));
}

TEST_CASE("a mirror is as far behind as its worst suite that is known", "[model][observation]") {
    Observation observation;
    CHECK_FALSE(worst_lag(observation));

    observation.suites = {suite(Integrity::unknown)};
    CHECK_FALSE(worst_lag(observation));

    observation.suites.push_back(suite(Integrity::whole, model::Lag{1h}));
    observation.suites.push_back(suite(Integrity::whole, model::Lag{3h, true}));
    observation.suites.push_back(suite(Integrity::whole, model::Lag{0s}));
    const auto worst = worst_lag(observation);
    REQUIRE(worst.has_value());
    CHECK(worst->behind == 3h);
    CHECK(worst->is_estimated);
}

TEST_CASE("a mirror is as broken as its worst suite that is known", "[model][observation]") {
    Observation observation;
    CHECK_FALSE(worst_integrity(observation));
    observation.suites = {suite(Integrity::unknown)};
    CHECK_FALSE(worst_integrity(observation));

    // Each is worse than all before it.
    for (const auto next : {Integrity::whole, Integrity::syncing, Integrity::missing,
                            Integrity::torn, Integrity::expired, Integrity::bad_signature,
                            Integrity::foreign, Integrity::not_an_archive}) {
        observation.suites.insert(observation.suites.begin(), suite(next));
        CHECK((worst_integrity(observation) == next));
    }
}

TEST_CASE("a known fault is worse than not knowing, which is worse than good",
          "[model][observation]") {
    Observation observation;
    for (const auto next : {Severity::good, Severity::unknown, Severity::warning, Severity::bad}) {
        observation.findings.insert(observation.findings.begin(), finding(next));
        CHECK((worst_severity(observation) == next));
        observation.findings.push_back(finding(Severity::good));
        CHECK((worst_severity(observation) == next));
    }
    CHECK((worst_severity(Observation{}) == Severity::good));
}
