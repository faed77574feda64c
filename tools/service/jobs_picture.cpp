#include "tools/service/jobs_picture.hpp"

#include "model/store.hpp"

#include <algorithm>
#include <utility>

namespace service {
namespace {

using model::Branch;

constexpr std::chrono::seconds picture_age_max{1};

/// Also of a branch that was pushed to us, where somebody asked for a run.
constexpr model::BranchType worked_on[] = {model::BranchType::hosted, model::BranchType::mirrored,
                                           model::BranchType::imported};

template <class Precedes>
BranchList first_of(std::vector<Branch> branches, Precedes precedes) {
    BranchList list{.total = branches.size(), .first = {}};
    std::ranges::stable_sort(branches, precedes);
    branches.resize(std::min(branches.size(), branches_shown));
    list.first = std::move(branches);
    return list;
}

}  // namespace

BranchPicture branch_picture(std::span<const Branch> branches, model::Timestamp now) {
    std::vector<Branch> due;
    std::vector<Branch> under_way;
    std::vector<Branch> failing;
    for (const Branch& branch : branches) {
        if (model::is_due(branch, worked_on, now)) {
            due.push_back(branch);
        }
        if (branch.mirroring.attempt) {
            under_way.push_back(branch);
        }
        if (branch.mirroring.mirror_failures > 0) {
            failing.push_back(branch);
        }
    }
    return {.total = branches.size(),
            .due = first_of(std::move(due),
                            [](const Branch& left, const Branch& right) {
                                return left.mirroring.next_mirror_time <
                                       right.mirroring.next_mirror_time;
                            }),
            .under_way = first_of(std::move(under_way),
                                  [](const Branch& left, const Branch& right) {
                                      return left.mirroring.last_mirror_attempt <
                                             right.mirroring.last_mirror_attempt;
                                  }),
            .failing = first_of(std::move(failing), [](const Branch& left, const Branch& right) {
                return left.mirroring.mirror_failures > right.mirroring.mirror_failures;
            })};
}

JobsPicture read_jobs(model::Store& store, model::Timestamp now) {
    const auto last = store.last_script_activities();
    const auto recent = store.script_activities(now - job_time);
    return {.read_at = now,
            .jobs = reports::job_histories(last, recent, now),
            .branches = branch_picture(store.branches(), now)};
}

std::shared_ptr<const JobsPicture> JobsWatch::at(model::Store& store, model::Timestamp now) {
    const std::lock_guard lock{mutex_};
    if (picture_ == nullptr || now < picture_->read_at ||
        now - picture_->read_at > picture_age_max) {
        picture_ = std::make_shared<JobsPicture>(read_jobs(store, now));
    }
    return picture_;
}

}  // namespace service
