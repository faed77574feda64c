#include "tools/mirrorwarden/probe_session.hpp"

#include "prober/log_reader.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/mirrorwarden/testing/small_world.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

using namespace mirrorwarden;
using namespace mirrorwarden::testing;
using model::Change;
using model::OutcomeKind;
using prober::testing::ScriptedHttpClient;

namespace {

SessionOptions session_options() {
    return {.requests_per_host_max = 2,
            .preamble = "mirrorwarden 1.2.3",
            .spool_folder = std::filesystem::temp_directory_path(),
            .decisions = {.notify_owners = true, .id_host = "prober.example", .when = noon},
            .clock = [] { return noon; }};
}

/// Each client that a session makes is a copy of the script.
ProbeReport run_session(SmallWorld& world, const ScriptedHttpClient& script,
                        const model::ChooseOptions& choose = {},
                        std::size_t requests_per_host_max = 2) {
    auto work = plan_probe(world.store(), choose, noon);
    auto options = session_options();
    options.requests_per_host_max = requests_per_host_max;
    return probe_and_decide(world.store(), std::move(work), std::move(options),
                            [&script](const boost::asio::any_io_executor&) {
                                return std::make_unique<ScriptedHttpClient>(script);
                            });
}

std::string index_url(const std::string& mirror) {
    return "http://" + mirror + ".example/tiny/" + amd64_index;
}

const ProbedMirror& find(const ProbeReport& report, const std::string& name) {
    const auto found = std::ranges::find_if(report.mirrors, [&name](const ProbedMirror& probed) {
        return probed.mirror.mirror.name == name;
    });
    REQUIRE(found != report.mirrors.end());
    return *found;
}

}  // namespace

TEST_CASE("a session stores what it found and decides", "[tools][probe_session]") {
    SmallWorld world;
    world.add(small_distribution("tiny"))
        .add(small_mirror("good", "tiny"))
        .add(small_mirror("empty", "tiny"));
    ScriptedHttpClient script;
    script.ok(index_url("good"));

    const auto report = run_session(world, script);

    CHECK(find(report, "good").change == Change::none);
    CHECK(find(report, "good").rows == 1);
    CHECK(find(report, "empty").change == Change::disable);
    CHECK(report.doubts.empty());
    CHECK(world.store().rows(world.state("good").id).size() == 1);
    CHECK_FALSE(world.state("empty").enabled);
    const auto probes = world.store().probes(world.state("empty").id, 10);
    REQUIRE(probes.size() == 1);
    CHECK(probes[0].record.decided);
    const auto text = prober::decompress_log(world.store().probe_log(probes[0].id).value(), 10'000);
    REQUIRE(text.has_value());
    CHECK(text->find("0 of 2 found") != std::string::npos);
}

TEST_CASE("the mail about a disabled mirror shows its log", "[tools][probe_session]") {
    SmallWorld world;
    world.add(small_distribution("tiny")).add(small_mirror("empty", "tiny"));

    run_session(world, ScriptedHttpClient());

    const auto mails = world.store().outbox(false);
    REQUIRE(mails.size() == 2);
    CHECK(mails[0].message.body.find(index_url("empty")) != std::string::npos);
}

TEST_CASE("a row that went is gone after the session", "[tools][probe_session]") {
    SmallWorld world;
    world.add(small_distribution("tiny")).add(small_mirror("good", "tiny"));
    const model::Bucket source{.series = "one",
                               .pocket = model::Pocket::release,
                               .component = "main",
                               .architecture = "source"};
    REQUIRE(world.store().ensure_row(world.state("good").id, source).has_value());
    ScriptedHttpClient script;
    script.ok(index_url("good"));

    run_session(world, script);

    const auto rows = world.store().rows(world.state("good").id);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].bucket.architecture == "amd64");
}

TEST_CASE("a dead hour of ours empties nothing that matters", "[tools][probe_session]") {
    SmallWorld world;
    auto distribution = small_distribution("tiny");
    distribution.primary_url = "http://primary.example/tiny/";
    world.add(distribution).add(small_mirror("good", "tiny"));
    ScriptedHttpClient script;
    script.answer_else({.kind = OutcomeKind::unreachable});

    const auto report = run_session(world, script);

    REQUIRE(report.doubts.size() == 1);
    CHECK(report.doubts[0].reason.find("http://primary.example/tiny/") != std::string::npos);
    CHECK(world.state("good").enabled);
    CHECK(world.store().probes(world.state("good").id, 1).at(0).record.suspect);
}

TEST_CASE("a primary archive that stands convicts the mirror", "[tools][probe_session]") {
    SmallWorld world;
    auto distribution = small_distribution("tiny");
    distribution.primary_url = "http://primary.example/tiny/";
    world.add(distribution).add(small_mirror("dead", "tiny"));
    ScriptedHttpClient script;
    script.answer_else({.kind = OutcomeKind::refused})
        .ok("http://primary.example/tiny/" + amd64_index);

    const auto report = run_session(world, script);

    CHECK(report.doubts.empty());
    CHECK_FALSE(world.state("dead").enabled);
}

TEST_CASE("a signal ends the session, and what was done is decided", "[tools][probe_session]") {
    // On one lane they take turns, and the last thing that is asked is of the slow one.
    auto empty = small_mirror("empty", "tiny");
    empty.http_url = "http://shared.example/empty/";
    auto slow = small_mirror("slow", "tiny");
    slow.http_url = "http://shared.example/slow/";
    SmallWorld world;
    world.add(small_distribution("tiny")).add(empty).add(slow);
    const auto last_url = slow.http_url + "dists/one/main/source/Sources.gz";
    ScriptedHttpClient script;
    script.hold(last_url).on_request([&last_url](const std::string& url) {
        if (url == last_url) {
            std::raise(SIGTERM);
        }
    });

    const auto report = run_session(world, script, {}, 1);

    CHECK(report.is_interrupted);
    REQUIRE(report.unfinished.size() == 1);
    CHECK(report.unfinished[0].name == "slow");
    CHECK(world.store().probes(world.state("slow").id, 1).empty());
}

TEST_CASE("what could not be decided is due again", "[tools][probe_session]") {
    SmallWorld world;
    auto distribution = small_distribution("tiny");
    distribution.primary_url = "http://primary.example/tiny/";
    world.add(distribution).add(small_mirror("dead", "tiny"));
    ScriptedHttpClient script;
    script.answer("http://primary.example/tiny/" + amd64_index, {.kind = OutcomeKind::cancelled});

    const auto report = run_session(world, script);

    CHECK(report.undecided == std::vector<std::string>{"tiny"});
    CHECK(find(report, "dead").change == Change::none);
    CHECK(world.state("dead").enabled);
    CHECK(plan_probe(world.store(), {}, noon).mirrors.size() == 1);
}

TEST_CASE("a second session has nothing to do", "[tools][probe_session]") {
    SmallWorld world;
    world.add(small_distribution("tiny")).add(small_mirror("good", "tiny"));
    ScriptedHttpClient script;
    script.ok(index_url("good"));
    run_session(world, script);

    const auto report = run_session(world, script);

    CHECK(report.mirrors.empty());
    CHECK(report.unfinished.empty());
}

TEST_CASE("many mirrors are all stored, whatever the worker's pace", "[tools][probe_session]") {
    SmallWorld world;
    world.add(small_distribution("tiny"));
    ScriptedHttpClient script;
    for (int i = 0; i < 200; ++i) {
        const auto name = "m" + std::to_string(i);
        world.add(small_mirror(name, "tiny"));
        script.ok(index_url(name));
    }

    const auto report = run_session(world, script);

    CHECK(report.mirrors.size() == 200);
    for (int i = 0; i < 200; ++i) {
        CHECK(world.store().rows(world.state("m" + std::to_string(i)).id).size() == 1);
    }
}

TEST_CASE("a failure to make a client ends the session with its error", "[tools][probe_session]") {
    SmallWorld world;
    world.add(small_distribution("tiny")).add(small_mirror("good", "tiny"));
    const auto no_client =
        [](const boost::asio::any_io_executor&) -> std::unique_ptr<prober::HttpClient> {
        throw std::runtime_error("no descriptors left");
    };

    std::string message;
    try {
        probe_and_decide(world.store(), plan_probe(world.store(), {}, noon), session_options(),
                         no_client);
    } catch (const std::runtime_error& e) {
        message = e.what();
    }

    CHECK(message == "no descriptors left");
}

TEST_CASE("a probe remembers that its mirror was in maintenance", "[tools][probe_session]") {
    const auto [by_admin, by_owner, expected, why] = GENERATE(
        table<std::optional<model::Timestamp>, std::optional<model::Timestamp>, bool, std::string>({
            {std::nullopt, std::nullopt, false, "nobody asked for it"},
            {noon + std::chrono::hours(1), std::nullopt, true, "an admin did"},
            {std::nullopt, noon + std::chrono::hours(1), true, "its owner did, on the host"},
            {noon - std::chrono::hours(1), std::nullopt, false, "it is over"},
        }));
    CAPTURE(why);
    SmallWorld world;
    world.add(small_distribution("tiny")).add(small_mirror("good", "tiny"));
    if (by_admin) {
        REQUIRE(world.store()
                    .set_maintenance("good", *by_admin, {.who = "admin", .when = noon, .why = {}})
                    .has_value());
    }
    ScriptedHttpClient script;
    script.ok(index_url("good"));
    model::HostRules rules;
    rules.maintenance_until = by_owner;
    script.rules(index_url("good"), rules);

    const auto report = run_session(world, script);

    const auto stored = world.store().observation(find(report, "good").probe);
    REQUIRE(stored.has_value());
    CHECK(stored->in_maintenance == expected);
}

TEST_CASE("a primary of CD images is asked for images before it is doubted",
          "[tools][probe_session]") {
    const std::string primary = "http://primary.example/tiny/";
    const auto [there, is_doubted, why] = GENERATE_COPY(table<std::string, bool, std::string>({
        {primary + "one/tiny.iso", false, "a place of images alone"},
        {primary + amd64_index, false, "an archive without images is no witness against them"},
        {"", true, "nothing of either: the catalogue may be wrong"},
    }));
    CAPTURE(why);
    SmallWorld world;
    auto distribution = small_distribution("tiny");
    distribution.primary_url = primary;
    distribution.series.front().images = {{.flavour = "tiny", .files = {"one/tiny.iso"}}};
    auto mirror = small_mirror("empty", "tiny");
    mirror.content = model::Content::release;
    world.add(distribution).add(mirror);
    ScriptedHttpClient script;
    script.ok(there);
    model::ChooseOptions choose;
    choose.content = model::Content::release;

    const auto report = run_session(world, script, choose);

    CHECK(report.doubts.empty() == !is_doubted);
    CHECK(world.state("empty").enabled == is_doubted);
}
