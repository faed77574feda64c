#pragma once

#include "model/script_activity.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <vector>

/// What is to be expected of a job, by what it did before. Pure.
namespace reports {

/// One job on one host.
struct JobHistory {
    model::ScriptActivity last;               // its newest success
    std::vector<model::ScriptActivity> runs;  // successes of the time looked at, oldest first
    /// From one success to the next, where these come regularly.
    std::optional<std::chrono::seconds> usual_pause = std::nullopt;
    /// The usual pause and a quarter of it after the last, five minutes at least.
    std::optional<model::Timestamp> expected_by = std::nullopt;
    bool is_late = false;  // it was expected, and did not come

    friend bool operator==(const JobHistory&, const JobHistory&) = default;
};

/// `last`: the newest success of each name and host. `recent`: all of some time, oldest first.
/// Regular is a job of three successes at least, three quarters of whose pauses are no longer
/// than twice the middle one. Late ones come first; else as in `last`.
std::vector<JobHistory> job_histories(std::span<const model::ScriptActivity> last,
                                      std::span<const model::ScriptActivity> recent,
                                      model::Timestamp now);

/// At most `most` of the runs, in order: of each of equal shares of them the longest.
std::vector<model::ScriptActivity> longest_runs(std::span<const model::ScriptActivity>,
                                                std::size_t most);

}  // namespace reports
