#pragma once

#include "prober/log_reader.hpp"
#include "prober/run.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "prober/testing/tiny_release.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace prober::testing {

inline const std::string tiny_base = "http://mirror.example/tiny/";
inline const std::string tiny_suite = tiny_base + "dists/new/";
inline const std::string tiny_packages = "main/binary-amd64/Packages.gz";
inline const std::string tiny_sources = "main/source/Sources.gz";

inline constexpr model::Outcome ok{.kind = model::OutcomeKind::ok};
inline constexpr model::Outcome not_found{.kind = model::OutcomeKind::http_status, .status = 404};
inline constexpr model::Outcome forbidden{.kind = model::OutcomeKind::http_status, .status = 403};

/// The suite "new" of `tiny_distribution`, signed and complete.
inline ScriptedHttpClient whole_mirror() {
    ScriptedHttpClient client;
    client.file(tiny_suite + "InRelease",
                clear_signed(release_text(
                    example_time - std::chrono::hours(2),
                    {{tiny_packages, "the packages"}, {tiny_sources, "the sources"}})));
    client.file(tiny_suite + tiny_packages, "the packages");
    client.file(tiny_suite + tiny_sources, "the sources");
    return client;
}

/// Looked at, as `mirrorwarden probe` does it; the look is told that it was torn at
/// `torn_since`.
inline MirrorTask looked_at(std::optional<model::Timestamp> torn_since = std::nullopt) {
    const auto plan =
        std::make_shared<ProbePlan>(ProbePlan::for_archive(tiny_distribution(), {}, example_time));
    auto look = std::make_shared<LookPlan>();
    for (const auto& name : plan->suites()) {
        look->suites.push_back({.suite = name, .origin = {}, .codename = {}, .known = {}});
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

struct Probed {
    std::vector<model::ProbeResult> results;
    std::vector<UnfinishedMirror> unfinished;

    const model::Observation& observation() const { return results.at(0).observation; }
    std::string log() const {
        const auto text = decompress_log(results.at(0).log_gz, 10'000'000);
        return text.has_value() ? *text : "no log: " + text.error();
    }
};

inline Probed probe(ScriptedHttpClient& client, MirrorTask task, std::size_t lanes = 2,
                    model::Timestamp now = example_time) {
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

inline std::size_t times_asked(const ScriptedHttpClient& client, const std::string& url) {
    return static_cast<std::size_t>(std::ranges::count(client.asked(), url));
}

}  // namespace prober::testing
