#include "prober/testing/finished_run.hpp"

#include "prober/testing/run.hpp"

#include <chrono>
#include <filesystem>
#include <utility>

namespace prober::testing {

std::shared_ptr<const ProbePlan> archive_plan() {
    const std::vector publications = {tiny_publication("1", std::chrono::hours(47)),
                                      tiny_publication("2", std::chrono::hours(20))};
    return std::make_shared<ProbePlan>(
        ProbePlan::for_archive(tiny_distribution(), publications, example_time));
}

MirrorTask archive_task(const std::string& name, const std::string& url,
                        const std::vector<model::ContentRow>& rows) {
    static const auto plan = archive_plan();
    return task(name, url, plan, Assigner(*plan).assign(rows));
}

FinishedRun run_all(ScriptedHttpClient& client, std::vector<MirrorTask> tasks,
                    std::size_t lanes_per_host_max) {
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

FinishedRun run_one(ScriptedHttpClient& client, MirrorTask task) {
    std::vector<MirrorTask> tasks;
    tasks.push_back(std::move(task));
    return run_all(client, std::move(tasks));
}

}  // namespace prober::testing
