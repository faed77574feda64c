#include "prober/testing/looked_at_run.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;
using model::ProbeVerdict;

namespace {

const std::string base = tiny_base;
const std::string suite = tiny_suite;
const std::string packages = tiny_packages;

}  // namespace

TEST_CASE("a probe judges each suite by the HEADs that it makes anyway", "[prober][run_look]") {
    const auto lanes = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{5});
    CAPTURE(lanes);
    auto mirror = whole_mirror();

    const auto probed = probe(mirror, looked_at(), lanes);

    REQUIRE(probed.results.size() == 1);
    REQUIRE(probed.observation().suites.size() == 1);
    CHECK(probed.observation().suites.front().suite == "new");
    CHECK(to_string(probed.observation().suites.front().integrity) == "whole");
    CHECK(probed.observation().suites.front().is_whole_check);
    CHECK(probed.results.front().rows.size() == 2);
    CHECK(times_asked(mirror, suite + packages) == 1);
    CHECK(times_asked(mirror, suite + "InRelease") == 1);
    // An obsolete series that the mirror never had is none of its business.
    CHECK_FALSE(mirror.was_asked(base + "dists/old/InRelease"));
}

TEST_CASE("what a probe finds wrong is told, and rows stay rows", "[prober][run_look]") {
    using Change = std::function<void(ScriptedHttpClient&)>;
    const auto [why, change, torn_since, integrity, rows] = GENERATE(
        table<std::string, Change, std::optional<model::Timestamp>, std::string, std::size_t>({
            {"another size, for the first time: perhaps it syncs",
             [](auto& mirror) { mirror.ok_with_length(suite + packages, 13); }, std::nullopt,
             "syncing", 2},
            {"another size, since yesterday",
             [](auto& mirror) { mirror.ok_with_length(suite + packages, 13); }, example_time - 24h,
             "torn", 2},
            {"half of it, as before",
             [](auto& mirror) { mirror.answer(suite + packages, not_found); }, std::nullopt,
             "syncing", 1},
            {"an index is refused",
             [](auto& mirror) { mirror.answer(suite + packages, forbidden); }, std::nullopt,
             "unknown", 1},
            {"no Release: no worse than ever",
             [](auto& mirror) { mirror.answer(suite + "InRelease", not_found); }, std::nullopt,
             "missing", 2},
        }));
    CAPTURE(why);
    auto mirror = whole_mirror();
    change(mirror);

    const auto probed = probe(mirror, looked_at(torn_since));

    REQUIRE(probed.results.size() == 1);
    CHECK(to_string(probed.observation().suites.front().integrity) == integrity);
    CHECK(probed.results.front().rows.size() == rows);
    CHECK(probed.results.front().record.verdict == ProbeVerdict::passed);
    REQUIRE_FALSE(probed.observation().findings.empty());
    CHECK(probed.log().find(probed.observation().findings.front().rule) != std::string::npos);
}

TEST_CASE("a server that calls true indexes web pages is judged by their sizes",
          "[prober][run_look]") {
    auto mirror = whole_mirror();
    mirror.file(suite + packages, ScriptedHttpClient::File{.body = "other", .is_web_page = true});
    mirror.file(suite + tiny_sources,
                ScriptedHttpClient::File{.body = "the sources", .is_web_page = true});

    const auto probed = probe(mirror, looked_at());

    REQUIRE(probed.results.size() == 1);
    CHECK(probed.results.front().rows.size() == 2);
    CHECK(to_string(probed.observation().suites.front().integrity) == "syncing");
}

TEST_CASE("a server that calls even its Release a web page is judged by sizes",
          "[prober][run_look]") {
    auto mirror = whole_mirror();
    const auto release = release_text(example_time - 2h, {{packages, "the packages"}});
    mirror.file(suite + "InRelease",
                ScriptedHttpClient::File{.body = clear_signed(release), .is_web_page = true});
    mirror.file(suite + packages,
                ScriptedHttpClient::File{.body = "from before the sync", .is_web_page = true});

    const auto probed = probe(mirror, looked_at());

    REQUIRE(probed.results.size() == 1);
    CHECK(probed.results.front().rows.size() == 2);
    CHECK(to_string(probed.observation().suites.front().integrity) == "syncing");
}

TEST_CASE("web pages in place of indexes are no archive", "[prober][run_look]") {
    auto mirror = whole_mirror();
    mirror.file(suite + packages,
                ScriptedHttpClient::File{.body = "we are very sorry", .is_web_page = true});

    const auto probed = probe(mirror, looked_at());

    REQUIRE(probed.results.size() == 1);
    CHECK(probed.results.front().rows.empty());
    CHECK(to_string(probed.observation().suites.front().integrity) == "not-an-archive");
}

TEST_CASE("nothing counts that a host says who answers so to everything", "[prober][run_look]") {
    auto mirror = whole_mirror();
    mirror.answer_else(ok);

    const auto probed = probe(mirror, looked_at());

    REQUIRE(probed.results.size() == 1);
    CHECK(probed.results.front().rows.empty());
    CHECK(probed.results.front().record.found == 0);
    CHECK(probed.results.front().record.verdict == ProbeVerdict::failed);
    CHECK(to_string(probed.observation().suites.front().integrity) == "not-an-archive");
    CHECK(probed.log().find("not-an-archive") != std::string::npos);
}

TEST_CASE("a run that is ended while a mirror is looked at has no result for it",
          "[prober][run_look]") {
    const auto url = GENERATE(base + "no-such-file", suite + "InRelease", suite + packages);
    CAPTURE(url);
    auto mirror = whole_mirror();
    mirror.on_request([&mirror, url](const std::string& asked) {
        if (asked == url) {
            mirror.cancel();
        }
    });

    const auto probed = probe(mirror, looked_at());

    CHECK(probed.results.empty());
    REQUIRE(probed.unfinished.size() == 1);
    CHECK(probed.unfinished.front().reason == "the run was ended");
}

TEST_CASE("a run that is ended when the last index is in has no result either",
          "[prober][run_look]") {
    auto mirror = whole_mirror();
    mirror.ok_with_length(suite + packages, 13);
    mirror.on_request([&mirror](const std::string& asked) {
        if (asked == suite + "InRelease" && times_asked(mirror, asked) > 0) {
            mirror.cancel();  // while it is asked again
        }
    });

    const auto probed = probe(mirror, looked_at());

    CHECK(probed.results.empty());
    CHECK(probed.unfinished.size() == 1);
}

TEST_CASE("what a probe asked is counted by kind", "[prober][run_look]") {
    auto mirror = whole_mirror();

    const auto probed = probe(mirror, looked_at());

    std::vector<std::pair<std::string, std::uint32_t>> costs;
    std::uint32_t requests = 0;
    for (const auto& cost : probed.observation().costs) {
        if (cost.requests > 0) {
            costs.emplace_back(cost.kind, cost.requests);
        }
        requests += cost.requests;
    }
    // The name that cannot exist and the InRelease; the marker of a sync and two traces.
    CHECK(costs == std::vector<std::pair<std::string, std::uint32_t>>{
                       {"index", 2}, {"release", 2}, {"trace", 4}});
    CHECK(probed.results.front().record.requests == requests);
}
