#include "prober/run.hpp"

#include "model/rules.hpp"
#include "prober/log_reader.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;
using model::Freshness;
using model::OutcomeKind;
using model::ProbeVerdict;
using prober::MirrorTask;

namespace {

const std::string index_amd64 = "dists/new/main/binary-amd64/Packages.gz";
const std::string index_source = "dists/new/main/source/Sources.gz";
const std::string pool_1 = "pool/main/h/hello/hello_1_amd64.deb";
const std::string pool_2 = "pool/main/h/hello/hello_2_amd64.deb";

/// hello 2 is a day old, hello 1 two days; see `tiny_distribution`.
std::shared_ptr<const prober::ProbePlan> archive_plan() {
    const std::vector publications = {tiny_publication("1", 47h), tiny_publication("2", 20h)};
    return std::make_shared<prober::ProbePlan>(
        prober::ProbePlan::for_archive(tiny_distribution(), publications, example_time));
}

std::shared_ptr<const prober::ProbePlan> release_plan() {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso", "b.iso"}},
                                     {.flavour = "server", .files = {"c.iso"}}};
    distribution.series[1].images = {{.flavour = "desktop", .files = {"old.iso"}}};
    return std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(distribution, {}));
}

MirrorTask archive_task(const std::string& name, const std::string& url,
                        const std::vector<model::ContentRow>& rows = {}) {
    static const auto plan = archive_plan();
    return task(name, url, plan, prober::Assigner(*plan).assign(rows));
}

MirrorTask release_task(const std::string& url, const std::vector<model::ImageRow>& rows = {}) {
    static const auto plan = release_plan();
    return task("images", url, plan, prober::Assigner(*plan).assign(rows));
}

/// A run with its results, told apart by their place in the list of tasks.
struct FinishedRun {
    std::map<std::int64_t, model::ProbeResult> results;
    std::vector<prober::UnfinishedMirror> unfinished;
    prober::RunCounters counters;

    const model::ProbeResult& only() const { return results.at(0); }
    std::string log(std::int64_t mirror = 0) const {
        const auto text = prober::decompress_log(results.at(mirror).log_gz, 10'000'000);
        REQUIRE(text.has_value());
        return *text;
    }
};

FinishedRun run_all(ScriptedHttpClient& client, std::vector<MirrorTask> tasks,
                    std::size_t lanes_per_host_max = 2) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        tasks[i].mirror = model::MirrorId{static_cast<std::int64_t>(i)};
    }
    FinishedRun finished;
    const prober::ResultSink sink =
        [&finished](model::ProbeResult result) -> boost::asio::awaitable<void> {
        const auto mirror = model::to_integer(result.mirror);
        finished.results.emplace(mirror, std::move(result));
        co_return;
    };
    prober::RunOptions options{.lanes_per_host_max = lanes_per_host_max,
                               .spool_folder = std::filesystem::temp_directory_path(),
                               .preamble = "mirrorwarden 1.2.3",
                               .clock = [] { return example_time; }};
    finished.unfinished = run(
        prober::run_probes(client, std::move(tasks), std::move(options), sink, finished.counters));
    return finished;
}

FinishedRun run_one(ScriptedHttpClient& client, MirrorTask task) {
    std::vector<MirrorTask> tasks;
    tasks.push_back(std::move(task));
    return run_all(client, std::move(tasks));
}

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

TEST_CASE("a CD mirror passes when every file of every set is there", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://m.example/a.iso").ok("http://m.example/b.iso").ok("http://m.example/c.iso");

    SECTION("all there") {
        const auto finished = run_one(client, release_task("http://m.example/"));

        CHECK(finished.only().record.verdict == ProbeVerdict::passed);
        CHECK(finished.only().images ==
              std::vector<model::ImageRow>{{"new", "desktop"}, {"new", "server"}});
        CHECK(finished.only().record.expected == 2);
    }
    SECTION("one file of a set is missing: the set is") {
        client.answer("http://m.example/b.iso", {.kind = OutcomeKind::refused});

        const auto finished = run_one(client, release_task("http://m.example/"));

        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.only().images == std::vector<model::ImageRow>{{"new", "server"}});
        CHECK(finished.only().record.found == 1);
    }
    SECTION("an obsolete series that went is no failure") {
        const auto finished =
            run_one(client, release_task("http://m.example/", {{"old", "desktop"}}));

        CHECK(client.was_asked("http://m.example/old.iso"));
        CHECK(finished.only().record.verdict == ProbeVerdict::passed);
        CHECK(finished.only().record.expected == 3);
        CHECK(finished.only().record.found == 2);
    }
}

TEST_CASE("an image of another size is not there", "[prober][run]") {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso"}, .sizes = {5000}}};
    const auto plan =
        std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(distribution, {}));
    const auto images = task("images", "http://m.example/", plan,
                             prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    ScriptedHttpClient client;

    SECTION("the right size") {
        client.ok_with_length("http://m.example/a.iso", 5000);
        CHECK(run_one(client, images).only().record.verdict == ProbeVerdict::passed);
    }
    SECTION("cut off") {
        client.ok_with_length("http://m.example/a.iso", 4999);
        const auto finished = run_one(client, images);
        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.only().images.empty());
        CHECK(finished.log().find("image of another size: 4999 bytes, not 5000") !=
              std::string::npos);
    }
    SECTION("a server that does not say") {
        client.ok("http://m.example/a.iso");
        const auto finished = run_one(client, images);
        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.log().find("does not say how large it is") != std::string::npos);
    }
}

TEST_CASE("an image set is whole with the primary's checksums only", "[prober][run]") {
    const auto right = std::string(64, 'a') + "  a.iso\n";
    const auto wrong = std::string(64, 'b') + "  a.iso\n";
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"new/a.iso"}},
                                     {.flavour = "server", .files = {"b.iso"}}};
    const auto plan = std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(
        distribution,
        {{.folder = "new/",
          .sums = *model::parse_checksums(right + std::string(64, 'c') + "  other.iso\n")}}));
    const auto images = task("images", "http://m.example/", plan,
                             prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    const std::string sums_url = "http://m.example/new/SHA256SUMS";
    ScriptedHttpClient client;
    client.ok("http://m.example/new/a.iso").ok("http://m.example/b.iso");

    const auto [body, is_whole, meaning] = GENERATE_COPY(table<std::string, bool, std::string>({
        {right, true, "checksums as the primary's"},
        {std::string(64, 'd') + "  another.iso\n" + right, true, "checksums as the primary's"},
        {wrong, false,
         "checksums differ from the primary's: \"a.iso\" should be " + std::string(64, 'a') +
             ", and is " + std::string(64, 'b')},
        {"", false, "should be " + std::string(64, 'a') + ", and is not named"},
        {"<html>\n", false, "not a file of checksums: line 1: "},
        {right + std::string(2'000'000, '\n'), false, "not a file of checksums: it is too large"},
    }));
    client.file(sums_url, body);

    const auto finished = run_one(client, images);

    CHECK(finished.log().find(meaning) != std::string::npos);
    CHECK(finished.only().images ==
          (is_whole ? std::vector<model::ImageRow>{{"new", "desktop"}, {"new", "server"}}
                    : std::vector<model::ImageRow>{{"new", "server"}}));
    CHECK(client.gets().size() == 1);
}

TEST_CASE("an image set lacks checksums that the primary has", "[prober][run]") {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso"}}};
    const auto plan = std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(
        distribution,
        {{.folder = "", .sums = *model::parse_checksums(std::string(64, 'a') + "  a.iso\n")}}));
    const auto images = task("images", "http://m.example/", plan,
                             prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    ScriptedHttpClient client;
    client.ok("http://m.example/a.iso");

    SECTION("missing") {
        const auto finished = run_one(client, images);
        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.log().find("checksums missing, which the primary has") != std::string::npos);
    }
    SECTION("trouble on our side says nothing of the mirror") {
        client.answer("http://m.example/SHA256SUMS", {.kind = OutcomeKind::prober_trouble});
        const auto finished = run_all(client, {images});
        CHECK(finished.results.empty());
        CHECK(finished.unfinished.size() == 1);
    }
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

TEST_CASE("mirrors that share a host share its lanes and take turns", "[prober][run]") {
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

TEST_CASE("a host gets as many lanes as it may have, and never more than work", "[prober][run]") {
    const auto [lanes, expected] =
        GENERATE(table<std::size_t, std::size_t>({{1, 1}, {2, 2}, {5, 2}}));
    ScriptedHttpClient client;

    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("a", "http://a.example/"));
    run_all(client, std::move(tasks), lanes);

    CHECK(client.lanes().size() == expected);
    CHECK(client.most_at_once("a.example") == expected);
}

TEST_CASE("the host with the most work opens its lanes first", "[prober][run]") {
    ScriptedHttpClient client;
    std::vector<MirrorTask> tasks;
    tasks.push_back(archive_task("a", "http://a.example/"));
    tasks.push_back(archive_task("b", "http://b.example/", {{tiny_bucket("old", "amd64")}}));

    run_all(client, std::move(tasks), 1);

    CHECK(client.lanes() == std::vector<std::pair<std::string, std::size_t>>{
                                {"http://b.example/", 3}, {"http://a.example/", 2}});
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

TEST_CASE("a mirror whose host asks us to come later keeps its rows", "[prober][run]") {
    ScriptedHttpClient client;
    client.ok("http://a.example/" + index_source).come_later("http://a.example/" + index_amd64);

    const auto finished = run_one(client, archive_task("a", "http://a.example/"));

    CHECK(finished.results.empty());
    REQUIRE(finished.unfinished.size() == 1);
    CHECK(finished.unfinished[0].reason.find("asks us to come later") != std::string::npos);
}

TEST_CASE("what an owner disallows is not held against the mirror", "[prober][run]") {
    ScriptedHttpClient client;

    SECTION("where all of it is disallowed, nothing is said") {
        client.disallow("http://a.example/" + index_source)
            .disallow("http://a.example/" + index_amd64);

        const auto finished = run_one(client, archive_task("a", "http://a.example/"));

        CHECK(finished.results.empty());
        REQUIRE(finished.unfinished.size() == 1);
        CHECK(finished.unfinished[0].reason.find("disallows") != std::string::npos);
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

TEST_CASE("an owner's wishes are in the log and the result", "[prober][run]") {
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
