#include "prober/deep_probe.hpp"

#include "prober/sha256_hasher.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

using prober::testing::ScriptedHttpClient;

namespace {

const std::string base = "http://mirror.example/tiny/";
constexpr std::uint64_t megabyte = 1U << 20U;

/// A suite with indexes that are all there, of this size each.
prober::DeepSuite suite_of(ScriptedHttpClient& mirror, std::size_t number, std::size_t indexes,
                           const std::string& content) {
    prober::DeepSuite suite{.number = number,
                            .suite = "suite" + std::to_string(number),
                            .has_by_hash = false,
                            .indexes = {}};
    for (std::size_t i = 0; i < indexes; ++i) {
        const auto path = "main/binary-a" + std::to_string(i) + "/Packages";
        mirror.file(fmt::format("{}dists/{}/{}", base, suite.suite, path), content);
        suite.indexes.push_back(
            {.path = path, .size = content.size(), .sha256 = prober::sha256_of(content)});
    }
    return suite;
}

prober::DeepProbed probe(ScriptedHttpClient& mirror, prober::DeepProbe what) {
    return prober::testing::run(
        [](ScriptedHttpClient& client,
           prober::DeepProbe asked) -> boost::asio::awaitable<prober::DeepProbed> {
            const auto lane = co_await client.open_lane(asked.base_url, 1);
            co_return co_await prober::probe_deep(*lane, std::move(asked));
        }(mirror, std::move(what)));
}

}  // namespace

TEST_CASE("each suite is looked at, and all of it is told", "[prober][deep_probe]") {
    ScriptedHttpClient mirror;
    prober::DeepProbe what{.base_url = base, .chance = 1, .suites = {}};
    what.suites.push_back(suite_of(mirror, 0, 2, "a"));
    what.suites.push_back(suite_of(mirror, 4, 3, "b"));

    const auto probed = probe(mirror, what);

    REQUIRE(probed.indexes.size() == 2);
    CHECK(probed.indexes.at(0).size() == 2);
    CHECK(probed.indexes.at(4).size() == 3);
    CHECK(probed.cost.kind == "deep");
    CHECK(probed.cost.requests == 5);
    CHECK(mirror.asked().front() == base + "dists/suite4/main/binary-a1/Packages");
}

TEST_CASE("a mirror gives no more than one deep probe may cost it", "[prober][deep_probe]") {
    ScriptedHttpClient mirror;
    prober::DeepProbe what{.base_url = base, .chance = 0, .suites = {}};
    SECTION("in bytes") {
        const std::string large(megabyte, 'x');
        for (std::size_t i = 0; i < 10; ++i) {
            what.suites.push_back(suite_of(mirror, i, 10, large));
        }

        const auto probed = probe(mirror, what);

        CHECK(probed.cost.bytes == 64 * megabyte);
        CHECK(probed.indexes.size() == 7);
    }
    SECTION("in requests") {
        for (std::size_t i = 0; i < 100; ++i) {
            what.suites.push_back(suite_of(mirror, i, 10, "small"));
        }

        const auto probed = probe(mirror, what);

        CHECK(probed.cost.requests <= 500);
        CHECK(probed.cost.requests > 490);
        CHECK(probed.indexes.size() < 100);
    }
}

TEST_CASE("a deep probe that is cancelled asks no further suite", "[prober][deep_probe]") {
    ScriptedHttpClient mirror;
    prober::DeepProbe what{.base_url = base, .chance = 0, .suites = {}};
    what.suites.push_back(suite_of(mirror, 0, 1, "a"));
    what.suites.push_back(suite_of(mirror, 1, 1, "a"));
    mirror.cancel();

    const auto probed = probe(mirror, what);

    CHECK(probed.was_cancelled);
    CHECK(mirror.asked().size() == 1);
}
