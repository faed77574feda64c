#include "model/observation.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using model::Integrity;
using model::Observation;
using model::parse_observation;
using model::Severity;
using namespace std::chrono_literals;

namespace {

constexpr model::Timestamp day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};

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

Observation everything() {
    Observation observation;
    observation.suites = {suite(Integrity::torn, model::Lag{6h, true}), suite(Integrity::whole)};
    observation.suites[0].release_date = day;
    observation.suites[0].torn_since = day + 1h + 7us;
    observation.suites[0].text_sha256 = model::parse_sha256(std::string(64, 'a'));
    observation.suites[0].is_whole_check = true;
    observation.suites[0].validators = model::ReleaseValidators{
        "http://a.example/InRelease", "\"5f-1a\"", "Fri, 20 Nov 2026 08:00:00 GMT", day + 3h};
    observation.suites[0].turns =
        model::IndexTurns{*model::parse_sha256(std::string(64, 'b')), {day + 1h, day + 2h}};
    observation.addresses = {
        {"192.0.2.7", {model::OutcomeKind::ok}},
        {"2001:db8::7", {model::OutcomeKind::http_status, 503}},
    };
    observation.certificate =
        model::CertificateState{"a.example", "CN=a.example", "CN=R11", day - 24h, day + 24h, true};
    observation.traces = {{"a.example", day + 2h, "deb.example", "ftpsync 20180513"}};
    observation.rsync = {{"rsync://a.example/debian/", {model::OutcomeKind::ok}, true}};
    observation.costs = {{"index", 7, 5'000'000'000}};
    observation.findings = {{"torn-index", Severity::bad, "bookworm", "the index is torn",
                             "HEAD http://a.example/Packages.gz", "200, 7 bytes", "8 bytes",
                             "curl -I http://a.example/Packages.gz", "sync in two stages"}};
    observation.is_deep = true;
    observation.since_deep = 3;
    observation.deep_chance = 4'000'000'000;
    observation.in_maintenance = true;
    return observation;
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

TEST_CASE("an observation is written with the keys that people were told", "[model][observation]") {
    CHECK(to_json(everything()) ==
          R"({"suites":[)"
          R"({"suite":"bookworm","integrity":"torn","lag_seconds":21600,"lag_estimated":true,)"
          R"("release_date":"2026-11-21T00:00:00Z","torn_since":"2026-11-21T01:00:00.000007Z",)"
          R"("text_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
          R"("whole_check":true,"validators":{"url":"http://a.example/InRelease",)"
          R"("etag":"\"5f-1a\"",)"
          R"("last_modified":"Fri, 20 Nov 2026 08:00:00 GMT","fetched":"2026-11-21T03:00:00Z"},)"
          R"("turns":{"question":)"
          R"("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",)"
          R"("asked":["2026-11-21T01:00:00Z","2026-11-21T02:00:00Z"]}},)"
          R"({"suite":"bookworm","integrity":"whole","lag_seconds":null,"lag_estimated":false,)"
          R"("release_date":null,"torn_since":null,"text_sha256":null,"whole_check":false,)"
          R"("validators":null,"turns":null}],)"
          R"("addresses":[{"address":"192.0.2.7","outcome":"ok"},)"
          R"({"address":"2001:db8::7","outcome":"http-status 503"}],)"
          R"("certificate":{"host":"a.example","subject":"CN=a.example","issuer":"CN=R11",)"
          R"("not_before":"2026-11-20T00:00:00Z","not_after":"2026-11-22T00:00:00Z",)"
          R"("lacks_intermediate":true},)"
          R"("traces":[{"name":"a.example","last_sync":"2026-11-21T02:00:00Z",)"
          R"("upstream":"deb.example","tool":"ftpsync 20180513"}],)"
          R"("rsync":{"url":"rsync://a.example/debian/","outcome":"ok","offers_module":true},)"
          R"("costs":[{"kind":"index","requests":7,"bytes":5000000000}],)"
          R"("findings":[{"rule":"torn-index","severity":"bad","subject":"bookworm",)"
          R"("summary":"the index is torn","request":"HEAD http://a.example/Packages.gz",)"
          R"("answer":"200, 7 bytes","expected":"8 bytes",)"
          R"("curl":"curl -I http://a.example/Packages.gz","remedy":"sync in two stages"}],)"
          R"("deep":true,"since_deep":3,"deep_chance":4000000000,"in_maintenance":true})");
}

TEST_CASE("an observation is read as it was written", "[model][observation]") {
    const auto read = parse_observation(to_json(everything()));

    REQUIRE(read.has_value());
    CHECK(to_json(*read) == to_json(everything()));
    REQUIRE(read->suites.size() == 2);
    CHECK(read->suites[0].torn_since == day + 1h + 7us);
    REQUIRE(read->suites[0].lag.has_value());
    CHECK(read->suites[0].lag->behind == 6h);
    CHECK(read->findings == everything().findings);
    CHECK(read->suites[0].validators == everything().suites[0].validators);
    CHECK(read->suites[0].turns == everything().suites[0].turns);
    CHECK(read->since_deep == 3U);
    CHECK(to_json(parse_observation(to_json(Observation{})).value()) == to_json(Observation{}));
}

TEST_CASE("bytes that are no UTF-8 do not keep an observation from being written",
          "[model][observation]") {
    Observation observation;
    observation.traces = {{"\xFF", {}, "", ""}};

    const auto read = parse_observation(to_json(observation));

    REQUIRE(read.has_value());
    REQUIRE(read->traces.size() == 1);
    CHECK(read->traces[0].name == "\xEF\xBF\xBD");  // the replacement character
}

TEST_CASE("what another version wrote is read as far as it is understood", "[model][observation]") {
    SECTION("what is missing is as if empty") {
        const auto read = parse_observation("{}");
        REQUIRE(read.has_value());
        CHECK(to_json(*read) == to_json(Observation{}));
    }
    SECTION("keys and words that are new, and values of other types") {
        const auto read = parse_observation(
            R"({"new":[[1]],"deep":1,"costs":{"a":1},"traces":[7,{"name":1}],"certificate":"x",)"
            R"("rsync":{"outcome":"haunted","offers_module":"yes"},"in_maintenance":"no",)"
            R"("suites":[{"suite":"sid","integrity":"haunted","lag_seconds":-5,)"
            R"("release_date":"yesterday","text_sha256":"ab","validators":{"etag":"x"},)"
            R"("turns":{"question":")" +
            std::string(64, 'b') +
            R"(","asked":["2026-11-21T01:00:00Z",7]}}],"since_deep":-1,"deep_chance":5e9,)"
            R"("findings":[{"severity":"terrible"}],"addresses":[{"outcome":"haunted"}]})");
        REQUIRE(read.has_value());
        CHECK_FALSE(read->is_deep);
        CHECK(read->costs.empty());
        CHECK(read->traces.size() == 2);
        CHECK_FALSE(read->certificate);
        REQUIRE(read->rsync.has_value());
        CHECK(is_inconclusive(read->rsync->outcome.kind));
        CHECK_FALSE(read->rsync->offers_module.has_value());
        CHECK_FALSE(read->in_maintenance);
        REQUIRE(read->suites.size() == 1);
        CHECK(read->suites[0].suite == "sid");
        CHECK((read->suites[0].integrity == Integrity::unknown));
        CHECK_FALSE(read->suites[0].lag);
        CHECK_FALSE(read->suites[0].release_date);
        CHECK_FALSE(read->suites[0].text_sha256);
        CHECK_FALSE(read->suites[0].validators);
        CHECK_FALSE(read->suites[0].turns);
        CHECK_FALSE(read->since_deep);
        CHECK(read->deep_chance == 0);
        REQUIRE(read->findings.size() == 1);
        CHECK((read->findings[0].severity == Severity::unknown));
        REQUIRE(read->addresses.size() == 1);
        CHECK(is_inconclusive(read->addresses[0].outcome.kind));
    }
    SECTION("what is no object is no observation") {
        CHECK_FALSE(parse_observation(""));
        CHECK_FALSE(parse_observation("[]"));
        CHECK_FALSE(parse_observation("null"));
        CHECK_FALSE(parse_observation(R"({"deep":true)"));
        CHECK_FALSE(parse_observation(std::string(100'000, '[')));
    }
}
