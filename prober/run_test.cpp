#include "prober/testing/run.hpp"

#include "prober/testing/finished_run.hpp"
#include "tools/cmake/catch.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;
using model::Freshness;
using model::OutcomeKind;
using model::ProbeVerdict;
using prober::MirrorTask;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a row becomes the freshest value whose file answered 200", "[prober][run]") {
    const auto [why, status_1, status_2, expected] =
        GENERATE(table<std::string, int, int, Freshness>({
            {"all there: the first decides", 200, 200, Freshness::one_day_behind},
            {"only the older file", 200, 404, Freshness::two_days_behind},
            {"index there, every file missing: a stale mirror never looks fresh", 404, 404,
             Freshness::unknown},
            {"a broken server proves nothing", 500, 503, Freshness::unknown},
            {"only the newer file", 404, 200, Freshness::one_day_behind},
        }));
    CAPTURE(why);
    const auto outcome = [](int status) {
        return status == 200 ? model::Outcome{.kind = OutcomeKind::ok}
                             : model::Outcome{.kind = OutcomeKind::http_status, .status = status};
    };
    ScriptedHttpClient client;
    client.ok("http://m.example/" + index_amd64)
        .answer("http://m.example/" + pool_1, outcome(status_1))
        .answer("http://m.example/" + pool_2, outcome(status_2));

    const auto finished = run_one(client, archive_task("m", "http://m.example/"));

    CHECK(finished.only().rows ==
          std::vector<model::ContentRow>{{tiny_bucket("new", "amd64"), expected}});
}

TEST_CASE("no kind of failure of a freshness file improves a row", "[prober][run]") {
    const auto kind = GENERATE(
        OutcomeKind::http_status, OutcomeKind::name_not_resolved, OutcomeKind::refused,
        OutcomeKind::unreachable, OutcomeKind::reset, OutcomeKind::timeout_connect,
        OutcomeKind::timeout_response, OutcomeKind::tls_expired, OutcomeKind::tls_failed,
        OutcomeKind::too_many_redirects, OutcomeKind::redirect_to_different_file,
        OutcomeKind::redirect_to_unknown_scheme, OutcomeKind::invalid_answer, OutcomeKind::skipped);
    CAPTURE(model::to_string(model::Outcome{.kind = kind, .status = 404}));
    ScriptedHttpClient client;
    client.answer_else({.kind = kind, .status = 404}).ok("http://m.example/" + index_amd64);

    const auto finished = run_one(client, archive_task("m", "http://m.example/"));

    CHECK(finished.only().rows ==
          std::vector<model::ContentRow>{{tiny_bucket("new", "amd64"), Freshness::unknown}});
    CHECK(finished.only().record.verdict == ProbeVerdict::passed);
}

TEST_CASE("freshness files are asked for in order, and no more than needed", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://m.example/" + index_amd64).ok("http://m.example/" + pool_2);

    run_one(client, archive_task("m", "http://m.example/"));

    CHECK(client.was_asked("http://m.example/" + pool_2));
    CHECK_FALSE(client.was_asked("http://m.example/" + pool_1));
}

TEST_CASE("a missing index is not followed by freshness files", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://m.example/" + pool_2);

    const auto finished = run_one(client, archive_task("m", "http://m.example/"));

    CHECK(finished.only().rows.empty());
    CHECK_FALSE(client.was_asked("http://m.example/" + pool_2));
}

TEST_CASE("an index without publications is a row of unknown freshness", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://m.example/" + index_source);

    const auto finished = run_one(client, archive_task("m", "http://m.example/"));

    CHECK(finished.only().rows ==
          std::vector<model::ContentRow>{{tiny_bucket("new", "source"), Freshness::unknown}});
}

TEST_CASE("a mirror without a single index has failed", "[prober][run]") {
    ScriptedHttpClient client;

    const auto finished = run_one(client, archive_task("m", "http://m.example/"));

    const auto& record = finished.only().record;
    CHECK(record.verdict == ProbeVerdict::failed);
    CHECK(record.expected == 2);
    CHECK(record.found == 0);
    CHECK(record.requests == 2);
    CHECK(record.outcomes == model::OutcomeCounts{{"http-status 404", 2}});
    CHECK_FALSE(record.decided);
    CHECK(finished.counters.failures == 2);
}

TEST_CASE("a mirror that is asked nothing gets no verdict", "[prober][run]") {
    ScriptedHttpClient client;
    const auto plan = std::make_shared<prober::ProbePlan>(
        prober::ProbePlan::for_archive(model::Distribution{}, {}, example_time));
    prober::Assigner assigner(*plan);

    const auto finished = run_one(client, task("m", "http://m.example/", plan,
                                               assigner.assign(std::vector<model::ContentRow>{})));

    CHECK(finished.only().record.verdict == ProbeVerdict::nothing_expected);
    CHECK(client.lanes().empty());
}

TEST_CASE("the log says what each answer meant", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://m.example/" + index_amd64).ok("http://m.example/" + pool_1);

    const auto log =
        run_one(client,
                archive_task("m", "http://m.example/",
                             {{tiny_bucket("new", "source")}, {tiny_bucket("old", "amd64")}}))
            .log();

    INFO(log);
    CHECK(contains(log, "Z  mirrorwarden 1.2.3\n"));
    CHECK(contains(log, "probing m (tiny, ARCHIVE) at http://m.example/, asking for 3 indexes"));
    CHECK(contains(log, "  ok  http://m.example/" + index_amd64 + "  row ensured\n"));
    CHECK(contains(log, "  http-status 404  http://m.example/" + pool_2 + "  not ONEDAYBEHIND\n"));
    CHECK(contains(log, "  ok  http://m.example/" + pool_1 + "  freshness TWODAYSBEHIND\n"));
    CHECK(contains(log, index_source + "  row removed: index not found\n"));
    CHECK(contains(log, "1 of 3 found, 5 requests: http-status 404 3, ok 2; passed\n"));
}

TEST_CASE("the log tells a row that went from one that never was", "[prober][run]") {
    ScriptedHttpClient client;
    client.answer_else({.kind = OutcomeKind::timeout_response});

    const auto log =
        run_one(client, archive_task("m", "http://m.example/", {{tiny_bucket("new", "source")}}))
            .log();

    INFO(log);
    CHECK(contains(log, index_source + "  row removed: no answer\n"));
    CHECK(contains(log, index_amd64 + "  not carried: no answer\n"));
}

TEST_CASE("an answer that says nothing of the mirror leaves it unfinished", "[prober][run]") {
    const auto kind = GENERATE(OutcomeKind::cancelled, OutcomeKind::prober_trouble);
    const auto path = GENERATE(index_amd64, pool_2);
    ScriptedHttpClient client;
    client.ok("http://m.example/" + index_amd64)
        .ok("http://m.example/" + pool_2)
        .answer("http://m.example/" + path, {.kind = kind});
    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("m", "http://m.example/"));
    tasks.push_back(archive_task("other", "http://other.example/"));

    const auto finished = run_all(client, std::move(tasks));

    REQUIRE(finished.unfinished.size() == 1);
    CHECK(finished.unfinished[0].name == "m");
    CHECK_FALSE(finished.unfinished[0].is_wish);
    CHECK(finished.results.size() == 1);
    CHECK(finished.results.count(1) == 1);
    CHECK(finished.counters.mirrors_done == 2);
}

TEST_CASE("trouble of ours that passes costs nobody a result", "[prober][run]") {
    ScriptedHttpClient client;
    client.answer_in_turn("http://m.example/" + index_amd64,
                          {{.kind = OutcomeKind::prober_trouble}, {.kind = OutcomeKind::ok}});

    const auto finished = run_one(client, archive_task("m", "http://m.example/"));

    CHECK(finished.unfinished.empty());
    CHECK(finished.only().record.found == 1);
}

TEST_CASE("a cancelled run keeps the mirrors that were done", "[prober][run]") {
    ScriptedHttpClient client;
    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("a", "http://shared.example/a/"));
    tasks.push_back(archive_task("b", "http://shared.example/b/", {{tiny_bucket("old", "amd64")}}));
    client.on_request([&client](const std::string& url) {
        if (contains(url, "/old/")) {
            client.cancel();
        }
    });

    const auto finished = run_all(client, std::move(tasks), 1);

    CHECK(finished.results.size() == 1);
    CHECK(finished.results.count(0) == 1);
    REQUIRE(finished.unfinished.size() == 1);
    CHECK(finished.unfinished[0].name == "b");
    CHECK(finished.unfinished[0].reason == "the run was ended");
}

TEST_CASE("a sink that fails ends the run with its error", "[prober][run]") {
    ScriptedHttpClient client;
    std::vector<MirrorTask> tasks;
    tasks.reserve(21);
    for (int i = 0; i < 20; ++i) {
        tasks.push_back(archive_task("m", "http://h" + std::to_string(i) + ".example/"));
    }
    tasks.push_back(archive_task("long", "http://long.example/", {{tiny_bucket("old", "amd64")}}));
    prober::RunCounters counters;
    int calls = 0;
    const prober::ResultSink sink = [&calls](model::ProbeResult) -> boost::asio::awaitable<void> {
        ++calls;
        throw std::runtime_error("disk full");
        co_return;
    };
    prober::RunOptions options{.lanes_per_host_max = 1,
                               .spool_folder = std::filesystem::temp_directory_path(),
                               .preamble = {},
                               .clock = [] { return example_time; }};

    std::string message;
    try {
        run(prober::run_probes(client, std::move(tasks), std::move(options), sink, counters));
    } catch (const std::runtime_error& e) {
        message = e.what();
    }

    CHECK(message == "disk full");
    CHECK(calls == 1);
}

TEST_CASE("what a probe cost is kept by kind", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://a.example/" + index_source).ok("http://a.example/" + index_amd64);

    const auto finished = run_one(client, archive_task("a", "http://a.example/"));

    REQUIRE(finished.results.size() == 1);
    const auto& costs = finished.results.at(0).observation.costs;
    REQUIRE(costs.size() == 2);
    CHECK(costs[0].kind == "index");
    CHECK(costs[0].requests == 2);
    CHECK(costs[1].kind == "freshness");
    CHECK(costs[1].requests == 2);
}
