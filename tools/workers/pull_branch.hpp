#pragma once

#include "tools/workers/command_end.hpp"
#include "tools/workers/report_answer.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace workers {

/// Where branches are pulled into, and what one of them may cost.
struct PullLimits {
    std::filesystem::path folder;          // of the repositories: "17.git"
    std::vector<std::string> environment;  // of git
    std::chrono::seconds timeout;          // of one branch, all of it
    std::uint64_t file_bytes_max;          // of one file that git writes: a pack
    int stop = -1;                         // as in `ProcessOrder`
};

/// Makes the branch's own repository in `folder` what the remote one is, with git. Nobody else
/// may work on that repository. Throws for what the system does not give; what git or the remote
/// does is in the verdict.
CommandVerdict pull_branch(const AcquiredBranch&, const PullLimits&);

/// What a git that was killed leaves, and what would stop every git after it: lock files, and
/// half of a pack. Only where no git is at work.
void remove_leftovers(const std::filesystem::path& repository);

}  // namespace workers
