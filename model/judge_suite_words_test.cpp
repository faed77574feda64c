// What is said of a suite beside its verdict: evidence, words, history.

#include "model/judge_suite.hpp"
#include "model/testing/suite_case.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::Integrity;
using model::OutcomeKind;
using namespace model::testing;

TEST_CASE("a torn suite remembers since when, until it is whole", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).size = 11;

    CHECK(suite.judge().state.torn_since == suite.yardstick.now);

    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    CHECK(suite.judge().state.torn_since == at("2026-11-19T12:00:00Z"));

    suite.at_path(packages).size = 10;
    CHECK_FALSE(suite.judge().state.torn_since);
}

TEST_CASE("a torn index is told with all that shows it", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).size = 11;
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    suite.know("2026-11-18T02:00:00Z", 0x77, {entry(packages, 11, 7)});
    suite.know("2026-11-19T02:00:00Z", 0x78, {entry(packages, 11, 7)});
    suite.know("2026-11-19T20:00:00Z", 0x79, {entry(packages, 12, 8)});

    const auto verdict = suite.judge();

    const auto torn = std::ranges::find(verdict.findings, "torn-index", &model::Finding::rule);
    REQUIRE(torn != verdict.findings.end());
    CHECK(torn->request ==
          "HEAD http://mirror.example/dists/bookworm/main/binary-amd64/Packages.gz");
    CHECK(torn->answer == "200, 11 bytes");
    CHECK(torn->expected == "10 bytes, says the InRelease of 2026-11-20T08:00:00Z there");
    CHECK(torn->curl ==
          "curl -sSIL http://mirror.example/dists/bookworm/main/binary-amd64/Packages.gz");
    CHECK(torn->summary.find("main/binary-amd64/Packages.gz") != std::string::npos);
    // The newest of those that it could be.
    CHECK(torn->summary.find("belongs to the Release of 2026-11-19T02:00:00Z") !=
          std::string::npos);
    CHECK(torn->summary.find("the one there is of 2026-11-20T08:00:00Z") != std::string::npos);
}

TEST_CASE("an index is known again by its hash where there is one", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).sha256 = digest(7);
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    suite.know("2026-11-18T02:00:00Z", 0x77, {entry(packages, 10, 7)});
    suite.know("2026-11-19T02:00:00Z", 0x78, {entry(packages, 10, 8)});

    const auto verdict = suite.judge();

    const auto wrong =
        std::ranges::find(verdict.findings, "index-wrong-hash", &model::Finding::rule);
    REQUIRE(wrong != verdict.findings.end());
    CHECK(wrong->summary.find("belongs to the Release of 2026-11-18T02:00:00Z") !=
          std::string::npos);
    CHECK(wrong->curl.ends_with("Packages.gz | sha256sum"));
}

TEST_CASE("a few torn indexes are named, the rest is counted", "[model][judge_suite]") {
    Case suite;
    suite.facts.indexes.clear();
    suite.facts.release->entries.clear();
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    for (int i = 10; i < 22; ++i) {
        const std::string path = "main/binary-a" + std::to_string(i) + "/Packages.gz";
        suite.facts.indexes.push_back(index(path, 1));
        suite.facts.release->entries.push_back(entry(path, 2, 2));
    }

    const auto verdict = suite.judge();

    REQUIRE(verdict.findings.size() == 5);
    CHECK(verdict.findings.back().summary.find("; 7 more of this suite are so") !=
          std::string::npos);
}

TEST_CASE("lag is said where the mirror is behind", "[model][judge_suite]") {
    Case suite;
    suite.know("2026-11-20T08:00:00Z", 0xaa, {});
    suite.know("2026-11-20T11:00:00Z", 0xab, {});

    const auto verdict = suite.judge();

    CHECK(verdict.state.integrity == Integrity::whole);
    REQUIRE(verdict.state.lag);
    CHECK(verdict.state.lag->behind == std::chrono::hours{1});
    CHECK(rules_of(verdict) == "good behind");
    CHECK(verdict.findings.front().summary == "bookworm is 1 h behind the primary archive");
}

TEST_CASE("a Date that nobody vouches for is no measure of lag", "[model][judge_suite]") {
    Case suite;
    suite.know("2026-11-20T08:00:00Z", 0xab, {});
    suite.facts.release->date = at("2026-11-20T09:00:00Z");  // newer than the primary's

    SECTION("signed by a key of the distribution, it is") {
        const auto lag = suite.judge().state.lag;
        REQUIRE(lag);
        CHECK(lag->is_estimated);
    }
    SECTION("changed after it was signed") {
        suite.facts.signature->kind = model::SignatureKind::bad;
        CHECK_FALSE(suite.judge().state.lag);
    }
    SECTION("of another distribution") {
        suite.facts.release->origin = "Ubuntu";
        CHECK_FALSE(suite.judge().state.lag);
    }
}

TEST_CASE("more than a day behind is a warning", "[model][judge_suite]") {
    Case suite;
    suite.know("2026-11-20T08:00:00Z", 0xaa, {});
    suite.know("2026-11-20T11:00:00Z", 0xab, {});
    suite.yardstick.now = at("2026-11-21T11:00:01Z");

    CHECK(rules_of(suite.judge()) == "warning behind");
}

TEST_CASE("all that is wrong is said, and the worst names the suite", "[model][judge_suite]") {
    Case suite;
    suite.facts.release->origin = "Ubuntu";
    suite.facts.release->valid_until = at("2026-11-01T00:00:00Z");
    suite.facts.signature->kind = model::SignatureKind::unknown_key;
    suite.at_path(packages).size = 11;
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");

    const auto verdict = suite.judge();

    CHECK(verdict.state.integrity == Integrity::bad_signature);
    CHECK(rules_of(verdict) ==
          "bad release-expired, bad foreign-release, bad unknown-key, bad torn-index");
}

TEST_CASE("a torn index is told in the words that apt uses", "[model][judge_suite]") {
    // Tried with apt 2.6.
    const auto [size, is_fetched, words,
                why] = GENERATE(table<std::uint64_t, bool, std::string, std::string>({
        {11, false, "stops at it with \"File has unexpected size\"", "announced: compared first"},
        {9, false, "stops at it with \"File has unexpected size\"", "announced, and smaller"},
        {0, false, "stops at it with \"Hash Sum mismatch\"", "nothing is as if not announced"},
        {11, true, "\"File has unexpected size\" or \"Hash Sum mismatch\"",
         "received, and nobody knows whether it was announced"},
    }));
    CAPTURE(why);
    Case suite;
    suite.at_path(packages).size = size;
    suite.at_path(packages).is_fetched = is_fetched;
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");

    const auto verdict = suite.judge();

    REQUIRE(rules_of(verdict) == "bad torn-index");
    CHECK(verdict.findings.front().summary.find(words) != std::string::npos);
}

TEST_CASE("an index of the right size and another hash is told as apt would",
          "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).sha256 = digest(9);
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");

    const auto verdict = suite.judge();

    REQUIRE(rules_of(verdict) == "bad index-wrong-hash");
    const auto& summary = verdict.findings.front().summary;
    CHECK(summary.find("\"Hash Sum mismatch\"") != std::string::npos);
    CHECK(summary.find("unexpected size") == std::string::npos);
}

TEST_CASE("silence is told with all that shows it", "[model][judge_suite]") {
    Case suite;
    suite.facts.outcome = {OutcomeKind::timeout_response, 0};
    suite.facts.detail = "no whole answer within 30000 ms";
    suite.facts.release.reset();

    const auto verdict = suite.judge();

    REQUIRE(rules_of(verdict) == "unknown no-answer");
    const auto& told = verdict.findings.front();
    CHECK(told.request == "GET http://mirror.example/dists/bookworm/InRelease");
    CHECK(told.answer.ends_with("(no whole answer within 30000 ms)"));
    CHECK(told.curl == "curl -sSIL --max-time 30 http://mirror.example/dists/bookworm/InRelease");
}

TEST_CASE("a Release without SHA-256 is judged by sizes alone", "[model][judge_suite]") {
    Case suite;
    suite.facts.release->has_sha256 = false;
    for (auto& one : suite.facts.release->entries) {
        one.sha256 = {};
    }
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");

    SECTION("the sizes fit, whatever the hash of what came") {
        suite.at_path(packages).sha256 = digest(9);
        const auto verdict = suite.judge();
        CHECK(verdict.state.integrity == Integrity::whole);
        CHECK(rules_of(verdict) == "good hashes-not-compared");
    }
    SECTION("a size does not") {
        suite.at_path(packages).size = 11;
        const auto verdict = suite.judge();
        CHECK(verdict.state.integrity == Integrity::torn);
        CHECK(rules_of(verdict) == "bad torn-index, good hashes-not-compared");
    }
}
