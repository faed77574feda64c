#pragma once

#include "model/branch.hpp"
#include "model/script_activity.hpp"
#include "tools/reports/job_history.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace model {
class Store;
}

namespace service {

/// Some of many branches: the first few, and how many there are.
struct BranchList {
    std::size_t total = 0;
    std::vector<model::Branch> first;  // at most `branches_shown`
};
inline constexpr std::size_t branches_shown = 50;

/// What branches have come to.
struct BranchPicture {
    std::size_t total = 0;
    BranchList due;        // the longest-due first
    BranchList under_way;  // the longest under way first
    BranchList failing;    // the most failures first
};
/// Pure.
BranchPicture branch_picture(std::span<const model::Branch>, model::Timestamp now);

/// How far back runs are looked at.
inline constexpr std::chrono::hours job_time{14 * 24};

/// The last run of each job and host. One that is of the future, which a clock made that was ahead,
/// gives way to the last of `job_time` that is not.
std::vector<model::ScriptActivity> read_last_runs(model::Store&, model::Timestamp now);

/// Jobs and branches, as the database had them at one moment.
struct JobsPicture {
    model::Timestamp read_at;
    std::vector<reports::JobHistory> jobs;  // late ones first, then by name and host
    BranchPicture branches;
};
JobsPicture read_jobs(model::Store&, model::Timestamp now);

/// Keeps the picture for a second, and where it takes long to read for ten times as long as that:
/// who asks often, or with many, keeps neither the database nor those who report waiting. Any
/// thread.
class JobsWatch {
public:
    std::shared_ptr<const JobsPicture> at(model::Store&, model::Timestamp now);

private:
    bool is_good_enough(model::Timestamp now) const;

    std::mutex mutex_;
    std::shared_ptr<const JobsPicture> picture_;  // with mutex_, as what follows
    std::chrono::microseconds age_max_{};
    bool is_being_read_ = false;
};

}  // namespace service
