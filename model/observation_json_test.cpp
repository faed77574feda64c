#include "model/observation.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
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

TEST_CASE("an observation is written with the keys that people were told",
          "[model][observation_json]") {
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

TEST_CASE("an observation is read as it was written", "[model][observation_json]") {
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
          "[model][observation_json]") {
    Observation observation;
    observation.traces = {{"\xFF", {}, "", ""}};

    const auto read = parse_observation(to_json(observation));

    REQUIRE(read.has_value());
    REQUIRE(read->traces.size() == 1);
    CHECK(read->traces[0].name == "\xEF\xBF\xBD");  // the replacement character
}

TEST_CASE("what another version wrote is read as far as it is understood",
          "[model][observation_json]") {
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

TEST_CASE("a number is read where it fits, and is as if missing where it does not",
          "[model][observation_json]") {
    const auto [number, lag_seconds, since_deep, bytes, why] =
        GENERATE(table<std::string, std::optional<std::int64_t>, std::optional<std::uint32_t>,
                       std::uint64_t, std::string>({
            {"0", 0, 0U, 0, "nothing is a number as well"},
            {"4294967295", 4294967295, 4294967295U, 4294967295U, "all that 32 bits hold"},
            {"4294967296", 4294967296, std::nullopt, 4294967296U, "one more"},
            {"9223372036854775807", std::numeric_limits<std::int64_t>::max(), std::nullopt,
             9223372036854775807U, "all that 63 bits hold"},
            {"9223372036854775808", std::nullopt, std::nullopt, 9223372036854775808U, "one more"},
            {"18446744073709551615", std::nullopt, std::nullopt,
             std::numeric_limits<std::uint64_t>::max(), "all that 64 bits hold"},
            {"18446744073709551616", std::nullopt, std::nullopt, 0, "one more is a fraction"},
            {"-1", std::nullopt, std::nullopt, 0, "nothing here is below 0"},
            {"1.0", std::nullopt, std::nullopt, 0, "a fraction"},
            {"\"1\"", std::nullopt, std::nullopt, 0, "a text"},
            {"true", std::nullopt, std::nullopt, 0, "a truth"},
            {"null", std::nullopt, std::nullopt, 0, "nothing"},
        }));
    CAPTURE(why);

    const auto read =
        parse_observation(R"({"suites":[{"lag_seconds":)" + number + R"(}],"since_deep":)" +
                          number + R"(,"costs":[{"bytes":)" + number + "}]}");

    REQUIRE(read.has_value());
    REQUIRE(read->suites.size() == 1);
    CHECK(read->suites[0].lag.has_value() == lag_seconds.has_value());
    if (read->suites[0].lag) {
        CHECK(read->suites[0].lag->behind.count() == lag_seconds);
    }
    CHECK(read->since_deep == since_deep);
    REQUIRE(read->costs.size() == 1);
    CHECK(read->costs[0].bytes == bytes);
}

TEST_CASE("what is no JSON is no observation", "[model][observation_json]") {
    const auto [text, is_read, why] = GENERATE(table<std::string, bool, std::string>({
        {R"({"deep":true} {})", false, "two of them"},
        {R"({"deep":true,})", false, "a comma too many"},
        {"{\"new\":\"\xFF\"}", false, "bytes that are no UTF-8"},
        {R"({"new":"\ud800"})", false, "half of a pair"},
        {R"({"new":NaN})", false, "JSON has no such number"},
        {R"({"new":1e999})", false, "nor one so large"},
        {"\xEF\xBB\xBF{}", true, "a byte order mark, which RFC 8259 lets readers pass over"},
        {R"({"deep":false,"deep":true,"traces":[{"name":"a\u0000b"}]})", true, "odd, and allowed"},
    }));
    CAPTURE(why);

    CHECK(parse_observation(text).has_value() == is_read);
}

TEST_CASE("an observation may be as deep as it likes, and 64 MiB long",
          "[model][observation_json]") {
    constexpr std::size_t depth = 1'000'000;
    constexpr std::size_t bytes_max = 64UL * 1024 * 1024;
    std::string text =
        "{\"new\":" + std::string(depth, '[') + std::string(depth, ']') + ",\"deep\":true}";

    const auto deep = parse_observation(text);
    text.append(bytes_max - text.size(), ' ');
    const auto longest = parse_observation(text);
    text += ' ';
    const auto longer = parse_observation(text);

    REQUIRE(deep.has_value());
    CHECK(deep->is_deep);
    CHECK(longest.has_value());
    CHECK_FALSE(longer.has_value());
}
