#include "prober/testing/looked_at_run.hpp"

#include "prober/testing/run.hpp"
#include "prober/testing/tiny_release.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

namespace prober::testing {

ScriptedHttpClient whole_mirror() {
    ScriptedHttpClient client;
    client.file(tiny_suite + "InRelease",
                clear_signed(release_text(
                    example_time - std::chrono::hours(2),
                    {{tiny_packages, "the packages"}, {tiny_sources, "the sources"}})));
    client.file(tiny_suite + tiny_packages, "the packages");
    client.file(tiny_suite + tiny_sources, "the sources");
    return client;
}

MirrorTask looked_at(std::optional<model::Timestamp> torn_since) {
    const auto plan =
        std::make_shared<ProbePlan>(ProbePlan::for_archive(tiny_distribution(), {}, example_time));
    auto look = std::make_shared<LookPlan>();
    for (const auto& name : plan->suites()) {
        look->suites.push_back({.suite = name, .names = {}, .known = {}});
    }
    look->sync_grace = std::chrono::hours(6);
    auto made =
        task("mirror", tiny_base, plan, Assigner(*plan).assign(std::vector<model::ContentRow>{}));
    LookTask task;
    task.base_url = tiny_base;
    task.plan = std::move(look);
    task.library = std::make_shared<ReleaseLibrary>(
        ReleaseLibrary::Options{.verify = FakeVerifier(), .wants = {}, .unused_max = 10});
    task.torn_since = {torn_since, std::nullopt};
    task.impossible_names = {"no-such-file"};
    made.look = std::move(task);
    return made;
}

Probed probe(ScriptedHttpClient& client, MirrorTask task, std::size_t lanes, model::Timestamp now) {
    Probed probed;
    const ResultSink sink = [&probed](model::ProbeResult result) -> boost::asio::awaitable<void> {
        probed.results.push_back(std::move(result));
        co_return;
    };
    RunOptions options{.lanes_per_host_max = lanes,
                       .spool_folder = std::filesystem::temp_directory_path(),
                       .preamble = "mirrorwarden 1.2.3",
                       .clock = [now] { return now; }};
    RunCounters counters;
    std::vector<MirrorTask> tasks;
    tasks.push_back(std::move(task));
    probed.unfinished =
        testing::run(run_probes(client, std::move(tasks), std::move(options), sink, counters));
    return probed;
}

std::size_t times_asked(const ScriptedHttpClient& client, const std::string& url) {
    return static_cast<std::size_t>(std::ranges::count(client.asked(), url));
}

}  // namespace prober::testing
