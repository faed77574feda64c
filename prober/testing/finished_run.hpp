#pragma once

#include "prober/log_reader.hpp"
#include "prober/run.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace prober::testing {

inline const std::string index_amd64 = "dists/new/main/binary-amd64/Packages.gz";
inline const std::string index_source = "dists/new/main/source/Sources.gz";
inline const std::string pool_1 = "pool/main/h/hello/hello_1_amd64.deb";
inline const std::string pool_2 = "pool/main/h/hello/hello_2_amd64.deb";

/// hello 2 is a day old, hello 1 two days; see `tiny_distribution`.
inline std::shared_ptr<const ProbePlan> archive_plan() {
    const std::vector publications = {tiny_publication("1", std::chrono::hours(47)),
                                      tiny_publication("2", std::chrono::hours(20))};
    return std::make_shared<ProbePlan>(
        ProbePlan::for_archive(tiny_distribution(), publications, example_time));
}

inline MirrorTask archive_task(const std::string& name, const std::string& url,
                               const std::vector<model::ContentRow>& rows = {}) {
    static const auto plan = archive_plan();
    return task(name, url, plan, Assigner(*plan).assign(rows));
}

/// A run with its results, told apart by their place in the list of tasks.
struct FinishedRun {
    std::map<std::int64_t, model::ProbeResult> results;
    std::vector<UnfinishedMirror> unfinished;
    RunCounters counters;

    const model::ProbeResult& only() const { return results.at(0); }
    std::string log(std::int64_t mirror = 0) const {
        const auto text = decompress_log(results.at(mirror).log_gz, 10'000'000);
        return text.has_value() ? *text : "no log: " + text.error();
    }
};

inline FinishedRun run_all(ScriptedHttpClient& client, std::vector<MirrorTask> tasks,
                           std::size_t lanes_per_host_max = 2) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        tasks[i].mirror = model::MirrorId{static_cast<std::int64_t>(i)};
    }
    FinishedRun finished;
    const ResultSink sink = [&finished](model::ProbeResult result) -> boost::asio::awaitable<void> {
        const auto mirror = model::to_integer(result.mirror);
        finished.results.emplace(mirror, std::move(result));
        co_return;
    };
    RunOptions options{.lanes_per_host_max = lanes_per_host_max,
                       .spool_folder = std::filesystem::temp_directory_path(),
                       .preamble = "mirrorwarden 1.2.3",
                       .clock = [] { return example_time; }};
    finished.unfinished = testing::run(
        run_probes(client, std::move(tasks), std::move(options), sink, finished.counters));
    return finished;
}

inline FinishedRun run_one(ScriptedHttpClient& client, MirrorTask task) {
    std::vector<MirrorTask> tasks;
    tasks.push_back(std::move(task));
    return run_all(client, std::move(tasks));
}

}  // namespace prober::testing
