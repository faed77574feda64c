#include "tools/workers/pull_branch.hpp"

#include "model/duration_text.hpp"
#include "tools/workers/git_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <optional>
#include <system_error>

namespace workers {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using How = ProcessEnd::How;

constexpr std::chrono::seconds grace{5};

/// Runs one git after the other until one fails, or their time is over.
class GitSteps {
public:
    GitSteps(const PullLimits& limits)
        : limits_(limits), deadline_(Clock::now() + limits.timeout) {}

    /// What it printed; empty where it failed, and then `fault` says why.
    std::optional<std::string> run(const std::vector<std::string>& words) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
        const auto end = run_process({.words = words,
                                      .environment = limits_.environment,
                                      .timeout = std::max(left, std::chrono::milliseconds(1)),
                                      .grace = grace,
                                      .file_bytes_max = limits_.file_bytes_max,
                                      .stop = limits_.stop});
        if (end.how == How::exited && end.number == 0) {
            return end.output;
        }
        fault_ = explain(end);
        return std::nullopt;
    }

    const std::string& fault() const noexcept { return fault_; }

private:
    std::string explain(const ProcessEnd& end) const {
        if (end.how == How::exited) {
            const auto reason = git_reason(end.errors);
            return reason.empty() ? fmt::format("git ended with status {}", end.number) : reason;
        }
        // git's helpers die first, and then it is they whom it complains of.
        if (end.how == How::killed && end.number == SIGXFSZ) {
            return fmt::format("git wanted to write a file of more than {} bytes",
                               limits_.file_bytes_max);
        }
        return judge_command(end, "git", limits_.timeout).words;
    }

    const PullLimits& limits_;
    Clock::time_point deadline_;
    std::string fault_;
};

bool is_leftover(const fs::path& path) {
    const auto name = path.filename().string();
    const bool is_in_pack = path.parent_path().filename() == "pack";
    return name.ends_with(".lock") || (is_in_pack && name.starts_with("tmp_")) ||
           name.starts_with("tmp_obj_");
}

CommandVerdict failed(std::string why) {
    return {.is_complete = false, .words = std::move(why)};
}

}  // namespace

void remove_leftovers(const fs::path& repository) {
    std::vector<fs::path> leftovers;
    for (const auto& entry : fs::recursive_directory_iterator(repository)) {
        if (entry.is_regular_file() && !entry.is_symlink() && is_leftover(entry.path())) {
            leftovers.push_back(entry.path());
        }
    }
    for (const auto& path : leftovers) {
        fs::remove(path);
    }
}

CommandVerdict pull_branch(const AcquiredBranch& branch, const PullLimits& limits) {
    if (auto fault = pull_url_fault(branch.url); !fault.empty()) {
        return failed(std::move(fault));
    }
    const auto repository = limits.folder / fmt::format("{}.git", model::to_integer(branch.id));
    GitSteps git(limits);
    if (fs::exists(repository)) {
        remove_leftovers(repository);
    }
    // Where there is one already it is left as it is, and one that was half made is mended.
    if (!git.run(git_init(repository))) {
        return failed(git.fault());
    }
    const auto listed = git.run(git_ask_head(branch.url));
    if (!listed) {
        return failed(git.fault());
    }
    const auto head = read_remote_head(*listed);
    if (!head) {
        return failed("its HEAD names no commit: the repository is empty, or its branch is gone");
    }
    if (!git.run(git_fetch(repository, branch.url))) {
        return failed(git.fault());
    }
    if (!head->full_name.empty() && !git.run(git_set_head(repository, head->full_name))) {
        return failed(git.fault());
    }
    const auto commit = git.run(
        git_commit_of(repository, head->full_name.empty() ? head->commit : head->full_name));
    if (!commit) {
        return failed(git.fault().starts_with("git ended")
                          ? std::string("the commit of its HEAD is on none of its branches")
                          : git.fault());
    }
    return {.is_complete = true, .words = std::string(last_line(*commit))};
}

}  // namespace workers
