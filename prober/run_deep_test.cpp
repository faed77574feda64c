#include "prober/testing/gzip.hpp"
#include "prober/testing/looked_at_run.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;

namespace {

const std::string deb_url = tiny_base + "pool/main/h/hello/hello_1_amd64.deb";
const std::string deb = "the package";
const std::string packages_text =
    "Package: hello\nVersion: 1\nArchitecture: amd64\n"
    "Filename: pool/main/h/hello/hello_1_amd64.deb\nSize: 11\nSHA256: " +
    to_string(prober::sha256_of(deb)) + "\n\n";

/// Its Packages.gz is not compressed: to the prober it is a damaged index with the right hash.
prober::MirrorTask deeply(std::optional<model::Timestamp> torn_since = std::nullopt) {
    auto task = looked_at(torn_since);
    task.deep = {.is_deep = true, .since = 0, .chance = 7};
    return task;
}

std::vector<std::string> rules_of(const Probed& probed) {
    std::vector<std::string> rules;
    for (const auto& finding : probed.observation().findings) {
        rules.push_back(finding.rule);
    }
    return rules;
}

const model::RequestCost* deep_cost(const Probed& probed) {
    const auto& costs = probed.observation().costs;
    const auto cost = std::ranges::find(costs, "deep", &model::RequestCost::kind);
    return cost == costs.end() ? nullptr : &*cost;
}

}  // namespace

TEST_CASE("an index of the right size and another content is seen by a deep probe alone",
          "[prober][run_deep]") {
    auto mirror = whole_mirror();
    mirror.file(tiny_suite + tiny_packages, "the pAckages");

    const auto plain = probe(mirror, looked_at(example_time - 24h));
    CHECK(to_string(plain.observation().suites.front().integrity) == "whole");
    CHECK_FALSE(plain.observation().is_deep);
    CHECK(deep_cost(plain) == nullptr);

    const auto deep = probe(mirror, deeply(example_time - 24h));
    CHECK(to_string(deep.observation().suites.front().integrity) == "torn");
    CHECK(rules_of(deep) == std::vector<std::string>{"index-wrong-hash"});
    const auto& finding = deep.observation().findings.front();
    CHECK(finding.request == "GET " + tiny_suite + tiny_packages);
    CHECK(finding.answer.find(to_string(prober::sha256_of("the pAckages"))) != std::string::npos);
    CHECK(finding.expected.find(to_string(prober::sha256_of("the packages"))) != std::string::npos);
    // What is there is there, as ever.
    CHECK(deep.results.front().rows.size() == 2);
    CHECK(deep.results.front().record.verdict == model::ProbeVerdict::passed);
}

TEST_CASE("a deep probe is kept as one, with what chose its files and what it cost",
          "[prober][run_deep]") {
    auto mirror = whole_mirror();

    const auto probed = probe(mirror, deeply());

    CHECK(to_string(probed.observation().suites.front().integrity) == "whole");
    CHECK(probed.observation().is_deep);
    CHECK(probed.observation().since_deep == 0U);
    CHECK(probed.observation().deep_chance == 7);
    REQUIRE(deep_cost(probed) != nullptr);
    CHECK(deep_cost(probed)->requests == 2);
    CHECK(probed.log().find("deep: 2 indexes fetched and hashed") != std::string::npos);
}

TEST_CASE("a file of the pool that is not what its index says is told of", "[prober][run_deep]") {
    auto mirror = whole_mirror();
    const std::string packages = "main/binary-amd64/Packages.gz";
    const std::string url = tiny_base + "dists/new/" + packages;
    const auto gz = gzip(packages_text);
    mirror.file(url, gz)
        .file(tiny_suite + "InRelease",
              clear_signed(release_text(example_time - 2h, {{packages, gz}})))
        .file(deb_url, "the pAckage");

    const auto probed = probe(mirror, deeply());

    CHECK(rules_of(probed) == std::vector<std::string>{"pool-file-wrong-hash"});
    CHECK(probed.observation().findings.front().request == "GET " + deb_url);
    CHECK(probed.log().find(to_string(prober::sha256_of(deb))) != std::string::npos);
}

TEST_CASE("a host that wants a rest during a deep probe is not called broken",
          "[prober][run_deep]") {
    const auto status = GENERATE(429, 503);
    auto mirror = whole_mirror();
    mirror.on_request([&, heads = 0](const std::string& url) mutable {
        if (url == tiny_suite + tiny_packages && ++heads == 2) {
            mirror.answer(url, {.kind = model::OutcomeKind::http_status, .status = status});
        }
    });

    const auto probed = probe(mirror, deeply());

    CHECK(times_asked(mirror, tiny_suite + tiny_packages) == 2);
    CHECK(to_string(probed.observation().suites.front().integrity) == "whole");
}

TEST_CASE("a run that is ended during a deep probe has no result for that mirror",
          "[prober][run_deep]") {
    auto mirror = whole_mirror();
    mirror.on_request([&, asked = 0](const std::string& url) mutable {
        if (url == tiny_suite + tiny_packages && ++asked == 2) {
            mirror.cancel();
        }
    });

    const auto probed = probe(mirror, deeply());

    CHECK(probed.results.empty());
    REQUIRE(probed.unfinished.size() == 1);
    CHECK(probed.unfinished.front().reason == "the run was ended");
}

TEST_CASE("nothing is fetched from a host that answers everything", "[prober][run_deep]") {
    auto mirror = whole_mirror();
    mirror.answer_else(ok);

    const auto probed = probe(mirror, deeply());

    CHECK(to_string(probed.observation().suites.front().integrity) == "not-an-archive");
    CHECK(deep_cost(probed) == nullptr);
}
