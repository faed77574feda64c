#pragma once

#include "tools/workers/pull_branch.hpp"
#include "tools/workers/reporter.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace workers {

struct PullSettings {
    PullLimits limits;
    std::size_t workers;  // at once
    std::vector<model::BranchType> types;
    std::chrono::milliseconds patience;  // with the service, for each report
    std::string service;
    const SpoolFolder* spool;  // null: nothing is kept
};

/// What a run of pulls came to.
struct PullSummary {
    std::size_t complete = 0;
    std::size_t failed = 0;
    std::size_t unsent = 0;  // of both: what the service has not heard yet
    std::string trouble;     // why it stopped before nothing was due; empty: it did not
};

/// Acquires branches, pulls them and reports each, until nothing is due or somebody wants it to
/// end. Each worker has a client of its own. `say` is told of each branch, by one at a time.
PullSummary run_pulls(const PullSettings&,
                      const std::function<std::unique_ptr<ServiceClient>()>& make_client,
                      const Surroundings&, const std::function<bool()>& is_stopped,
                      const std::function<void(const std::string&)>& say);

}  // namespace workers
