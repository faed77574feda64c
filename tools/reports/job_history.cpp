#include "tools/reports/job_history.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace reports {
namespace {

using model::ScriptActivity;
using std::chrono::seconds;

constexpr std::size_t runs_least = 3;
constexpr std::chrono::minutes slack_least{5};

std::optional<seconds> usual_pause(const std::vector<ScriptActivity>& runs) {
    if (runs.size() < runs_least) {
        return std::nullopt;
    }
    std::vector<seconds> pauses;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        pauses.push_back(std::chrono::floor<seconds>(runs[i].completed - runs[i - 1].completed));
    }
    std::ranges::sort(pauses);
    const seconds middle = pauses[(pauses.size() - 1) / 2];
    const seconds long_one = pauses[(pauses.size() - 1) * 3 / 4];
    return long_one <= 2 * middle ? std::optional(middle) : std::nullopt;
}

model::Timestamp expected_after(model::Timestamp last, seconds pause) {
    return last + pause + std::max<seconds>(pause / 4, slack_least);
}

}  // namespace

std::vector<JobHistory> job_histories(std::span<const ScriptActivity> last,
                                      std::span<const ScriptActivity> recent,
                                      model::Timestamp now) {
    std::map<std::pair<std::string, std::string>, std::vector<ScriptActivity>> runs;
    for (const ScriptActivity& run : recent) {
        runs[{run.name, run.host}].push_back(run);
    }
    std::vector<JobHistory> histories;
    histories.reserve(last.size());
    for (const ScriptActivity& newest : last) {
        JobHistory history{.last = newest, .runs = {}};
        if (auto found = runs.find({newest.name, newest.host}); found != runs.end()) {
            history.runs = std::move(found->second);
        }
        history.usual_pause = usual_pause(history.runs);
        if (history.usual_pause) {
            history.expected_by = expected_after(newest.completed, *history.usual_pause);
            history.is_late = now > *history.expected_by;
        }
        histories.push_back(std::move(history));
    }
    // Not that of std::ranges: Clang 14 cannot compile it.
    std::stable_partition(histories.begin(), histories.end(),
                          [](const JobHistory& history) { return history.is_late; });
    return histories;
}

std::vector<ScriptActivity> longest_runs(std::span<const ScriptActivity> runs, std::size_t most) {
    if (runs.size() <= most) {
        return {runs.begin(), runs.end()};
    }
    std::vector<ScriptActivity> kept;
    kept.reserve(most);
    for (std::size_t share = 0; share < most; ++share) {
        const auto part =
            runs.subspan(share * runs.size() / most,
                         (share + 1) * runs.size() / most - share * runs.size() / most);
        kept.push_back(*std::ranges::max_element(
            part, {}, [](const ScriptActivity& run) { return run.completed - run.started; }));
    }
    return kept;
}

}  // namespace reports
