#pragma once

#include "prober/log_reader.hpp"
#include "prober/run.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/scripted_http_client.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prober::testing {

inline const std::string index_amd64 = "dists/new/main/binary-amd64/Packages.gz";
inline const std::string index_source = "dists/new/main/source/Sources.gz";
inline const std::string pool_1 = "pool/main/h/hello/hello_1_amd64.deb";
inline const std::string pool_2 = "pool/main/h/hello/hello_2_amd64.deb";

/// hello 2 is a day old, hello 1 two days; see `tiny_distribution`.
std::shared_ptr<const ProbePlan> archive_plan();

MirrorTask archive_task(const std::string& name, const std::string& url,
                        const std::vector<model::ContentRow>& rows = {});

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

FinishedRun run_all(ScriptedHttpClient& client, std::vector<MirrorTask> tasks,
                    std::size_t lanes_per_host_max = 2);

FinishedRun run_one(ScriptedHttpClient& client, MirrorTask task);

}  // namespace prober::testing
