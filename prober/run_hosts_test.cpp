#include "model/rules.hpp"
#include "prober/testing/finished_run.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;
using model::ProbeVerdict;
using prober::MirrorTask;

TEST_CASE("mirrors that share a host share its lanes and take turns", "[prober][run_hosts]") {
    ScriptedHttpClient client;
    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("a", "http://shared.example/a/"));
    tasks.push_back(archive_task("b", "http://shared.example/b/"));
    tasks.push_back(archive_task("c", "http://shared.example:8080/c/"));

    const auto finished = run_all(client, std::move(tasks), 1);

    CHECK(finished.results.size() == 3);
    CHECK(client.most_at_once("shared.example") == 1);
    CHECK(client.asked() == std::vector<std::string>{
                                "http://shared.example/a/" + index_amd64,
                                "http://shared.example/b/" + index_amd64,
                                "http://shared.example:8080/c/" + index_amd64,
                                "http://shared.example/a/" + index_source,
                                "http://shared.example/b/" + index_source,
                                "http://shared.example:8080/c/" + index_source,
                            });
}

TEST_CASE("a host gets as many lanes as it may have, and never more than work",
          "[prober][run_hosts]") {
    const auto [lanes, expected] =
        GENERATE(table<std::size_t, std::size_t>({{1, 1}, {2, 2}, {5, 2}}));
    ScriptedHttpClient client;

    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("a", "http://a.example/"));
    run_all(client, std::move(tasks), lanes);

    CHECK(client.lanes().size() == expected);
    CHECK(client.most_at_once("a.example") == expected);
}

TEST_CASE("the host with the most work opens its lanes first", "[prober][run_hosts]") {
    ScriptedHttpClient client;
    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("a", "http://a.example/"));
    tasks.push_back(archive_task("b", "http://b.example/", {{tiny_bucket("old", "amd64")}}));

    run_all(client, std::move(tasks), 1);

    CHECK(client.lanes() == std::vector<std::pair<std::string, std::size_t>>{
                                {"http://b.example/", 3}, {"http://a.example/", 2}});
}

TEST_CASE("a mirror whose host asks us to come later keeps its rows", "[prober][run_hosts]") {
    ScriptedHttpClient client;
    client.ok("http://a.example/" + index_source).come_later("http://a.example/" + index_amd64);

    const auto finished = run_one(client, archive_task("a", "http://a.example/"));

    CHECK(finished.results.empty());
    REQUIRE(finished.unfinished.size() == 1);
    CHECK(finished.unfinished[0].reason.find("asks us to come later") != std::string::npos);
    CHECK(finished.unfinished[0].is_wish);
}

TEST_CASE("what an owner disallows is not held against the mirror", "[prober][run_hosts]") {
    ScriptedHttpClient client;

    SECTION("where all of it is disallowed, nothing is said") {
        client.disallow("http://a.example/" + index_source)
            .disallow("http://a.example/" + index_amd64);

        const auto finished = run_one(client, archive_task("a", "http://a.example/"));

        CHECK(finished.results.empty());
        REQUIRE(finished.unfinished.size() == 1);
        CHECK(finished.unfinished[0].reason.find("disallows") != std::string::npos);
        CHECK(finished.unfinished[0].is_wish);
    }
    SECTION("where some is, the rest counts") {
        client.ok("http://a.example/" + index_source).disallow("http://a.example/" + index_amd64);

        const auto finished = run_one(client, archive_task("a", "http://a.example/"));

        REQUIRE(finished.results.size() == 1);
        CHECK(finished.results.at(0).rows.size() == 1);
        CHECK(finished.results.at(0).record.verdict == ProbeVerdict::passed);
        CHECK(finished.log().find("its owner disallows it") != std::string::npos);
    }
}

TEST_CASE("an owner's wishes are in the log and the result", "[prober][run_hosts]") {
    ScriptedHttpClient client;
    model::HostRules rules;
    rules.requests_per_second = 2;
    rules.maintenance_until = example_time + 1h;
    rules.remarks = {{.line = 3, .what = "no such rate"}};
    client.ok("http://a.example:81/debian/" + index_source).rules("http://a.example:81/", rules);

    const auto finished = run_one(client, archive_task("a", "http://a.example:81/debian/"));

    REQUIRE(finished.results.size() == 1);
    const auto& result = finished.results.at(0);
    CHECK(result.maintenance_until == rules.maintenance_until);
    REQUIRE(result.observation.findings.size() == 1);
    CHECK(result.observation.findings[0].rule == "host-rules-invalid");
    CHECK(model::describe(result.observation.findings[0]).find("line 3: no such rate") !=
          std::string::npos);
    CHECK(model::describe(result.observation.findings[0])
              .find("http://a.example:81/.well-known/mirrorwarden.txt") != std::string::npos);
    CHECK(finished.log().find("at most 2 requests a second, maintenance until "
                              "2026-03-01T13:00:00Z") != std::string::npos);
}
