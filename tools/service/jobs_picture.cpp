#include "tools/service/jobs_picture.hpp"

#include "model/store.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace service {
namespace {

using model::Branch;
using model::ScriptActivity;

constexpr std::chrono::seconds age_max_least{1};
/// Of the clock of a host that works: a service takes no report from further ahead.
constexpr std::chrono::hours ahead_max{1};
constexpr int age_by_reading_time = 10;

/// Also of a branch that was pushed to us, where somebody asked for a run.
constexpr std::array worked_on = {model::BranchType::hosted, model::BranchType::mirrored,
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

std::vector<ScriptActivity> read_last_runs(model::Store& store, model::Timestamp now) {
    const auto is_ahead = [latest = now + ahead_max](const ScriptActivity& run) {
        return run.completed > latest;
    };
    auto last = store.last_script_activities();
    if (std::ranges::none_of(last, is_ahead)) {
        return last;
    }
    const auto recent = store.script_activities(now - job_time);  // oldest first
    for (ScriptActivity& newest : last) {
        const auto found = std::find_if(recent.rbegin(), recent.rend(), [&](const auto& run) {
            return run.name == newest.name && run.host == newest.host && !is_ahead(run);
        });
        if (is_ahead(newest) && found != recent.rend()) {
            newest = *found;
        }
    }
    return last;
}

JobsPicture read_jobs(model::Store& store, model::Timestamp now) {
    const auto last = read_last_runs(store, now);
    auto recent = store.script_activities(now - job_time);
    std::erase_if(recent, [&](const auto& run) { return run.completed > now + ahead_max; });
    return {.read_at = now,
            .jobs = reports::job_histories(last, recent, now),
            .branches = branch_picture(store.branches(), now)};
}

bool JobsWatch::is_good_enough(model::Timestamp now) const {
    if (picture_ == nullptr) {
        return false;
    }
    const auto age = now - picture_->read_at;
    return is_being_read_ || (age >= std::chrono::seconds::zero() && age <= age_max_);
}

std::shared_ptr<const JobsPicture> JobsWatch::at(model::Store& store, model::Timestamp now) {
    using Clock = std::chrono::steady_clock;
    std::unique_lock lock{mutex_};
    if (is_good_enough(now)) {
        return picture_;
    }
    is_being_read_ = true;
    lock.unlock();
    std::shared_ptr<const JobsPicture> picture;
    const auto begin = Clock::now();
    try {
        picture = std::make_shared<JobsPicture>(read_jobs(store, now));
    } catch (...) {
        lock.lock();
        is_being_read_ = false;
        throw;
    }
    const auto took = std::chrono::ceil<std::chrono::microseconds>(Clock::now() - begin);
    lock.lock();
    is_being_read_ = false;
    age_max_ = std::max<std::chrono::microseconds>(age_max_least, age_by_reading_time * took);
    picture_ = picture;
    return picture;
}

}  // namespace service
