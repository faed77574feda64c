#include "model/policy_replay.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace model {
namespace {

constexpr std::chrono::hours pause_between_runs{1};

bool was_enabled_at(const ReplayedMirror& mirror, Timestamp when) {
    const auto next = std::ranges::upper_bound(mirror.switches, when, {}, &Switch::when);
    if (next != mirror.switches.begin()) {
        return std::prev(next)->enabled;
    }
    // What came before the first switch was its opposite.
    return next == mirror.switches.end() ? mirror.enabled_now : !next->enabled;
}

/// Who had switched it off by then.
DisabledBy disabled_by_at(const ReplayedMirror& mirror, Timestamp when) {
    const auto next = std::ranges::upper_bound(mirror.switches, when, {}, &Switch::when);
    if (was_enabled_at(mirror, when)) {
        return DisabledBy::nobody;
    }
    const bool by_admin = next != mirror.switches.begin() && std::prev(next)->by_admin;
    return by_admin ? DisabledBy::admin : DisabledBy::prober;
}

bool is_in_maintenance(const ReplayedMirror& mirror, Timestamp when) {
    return std::ranges::any_of(mirror.maintenance, [when](const MaintenanceWindow& window) {
        return window.from <= when && when < window.until;
    });
}

void close(Course& course, bool enabled_at_begin, Timestamp begin, Timestamp end) {
    bool enabled = enabled_at_begin;
    Timestamp since = begin;
    std::chrono::microseconds off{0};
    const auto until = [&](Timestamp when) {
        off += enabled ? std::chrono::microseconds{0} : when - since;
        since = when;
    };
    for (const auto& change : course.switches) {
        until(change.when);
        enabled = change.enabled;
    }
    until(std::max(since, end));
    course.off = std::chrono::floor<std::chrono::seconds>(off);
    course.enabled_at_end = enabled;
}

}  // namespace

ReplayedMirror replayed_mirror(const StoredMirror& stored, std::span<const AuditEntry> audit) {
    constexpr std::string_view maintenance_word = "maintenance until ";
    ReplayedMirror mirror;
    mirror.name = stored.mirror.name;
    mirror.country = stored.mirror.country;
    mirror.content = stored.mirror.content;
    mirror.enabled_now = stored.state.enabled;
    for (const auto& entry : audit) {
        const std::string_view what = entry.what;
        if (what == "enabled" || what == "disabled") {
            mirror.switches.push_back({.when = entry.when,
                                       .enabled = what == "enabled",
                                       .by_admin = entry.who != "prober",
                                       .why = entry.why});
            continue;
        }
        const bool begins = what.starts_with(maintenance_word);
        if ((begins || what == "maintenance ended") && !mirror.maintenance.empty()) {
            auto& last = mirror.maintenance.back();
            last.until = std::min(last.until, entry.when);
        }
        const auto until =
            begins ? parse_timestamp(what.substr(maintenance_word.size())) : std::nullopt;
        if (until) {
            mirror.maintenance.push_back({.from = entry.when, .until = *until});
        }
    }
    return mirror;
}

bool ReplayedCourses::differs() const noexcept {
    const auto times = [](const Course& course) {
        std::vector<std::pair<Timestamp, bool>> all;
        for (const auto& change : course.switches) {
            all.emplace_back(change.when, change.enabled);
        }
        return all;
    };
    // The prober writes its decisions down some time after the probes: that is no difference.
    const auto was_times = times(was);
    const auto would_be_times = times(would_be);
    return !std::ranges::equal(was_times, would_be_times, [](const auto& a, const auto& b) {
        const auto apart = a.first < b.first ? b.first - a.first : a.first - b.first;
        return a.second == b.second && apart < std::chrono::hours{12};
    });
}

PolicyReplay::PolicyReplay(Policy policy, std::vector<ReplayedMirror> mirrors, Timestamp since)
    : policy_{std::move(policy)}, since_{since} {
    for (auto& mirror : mirrors) {
        by_name_.emplace(mirror.name, mirrors_.size());
        auto& state = mirrors_.emplace_back();
        state.enabled_at_begin = was_enabled_at(mirror, since);
        state.state.enabled = state.enabled_at_begin;
        state.state.disabled_by = disabled_by_at(mirror, since);
        state.courses.name = mirror.name;
        const auto begun = [since](const Switch& change) { return change.when > since; };
        std::ranges::copy_if(mirror.switches, std::back_inserter(state.courses.was.switches),
                             begun);
        state.mirror = std::move(mirror);
    }
}

void PolicyReplay::add(const std::string& mirror, const ProbeRecord& record,
                       const Observation& observation) {
    const auto found = by_name_.find(mirror);
    if (found == by_name_.end()) {
        return;
    }
    const std::size_t number = found->second;
    const bool is_new_run = in_run_.contains(number) ||
                            (!run_.empty() && record.started - last_started_ > pause_between_runs);
    if (is_new_run) {
        end_run();
    }
    last_started_ = record.started;
    ++result_.probes;
    ++mirrors_[number].courses.probes;
    if (record.suspect || !record.decided) {
        return;
    }
    in_run_.insert(number);
    run_.push_back({.mirror = number,
                    .when = record.finished,
                    .judged = judge_probe(policy_, record.verdict, observation)});
}

void PolicyReplay::apply_admins(State& state, Timestamp when) {
    auto& next = state.next_switch;
    const auto& all = state.courses.was.switches;
    for (; next < all.size() && all[next].when <= when; ++next) {
        if (!all[next].by_admin) {
            continue;
        }
        const bool enabled = all[next].enabled;
        if (state.state.enabled != enabled) {
            state.courses.would_be.switches.push_back(all[next]);
        }
        state.state.enabled = enabled;
        state.state.disabled_by = enabled ? DisabledBy::nobody : DisabledBy::admin;
        if (enabled) {
            // What came before is forgiven.
            state.history = {};
            state.broken_rules = {};
        }
    }
}

void PolicyReplay::end_run() {
    RunTally tally;
    for (auto& step : run_) {
        auto& state = mirrors_[step.mirror];
        apply_admins(state, step.when);
        state.history.in_maintenance = is_in_maintenance(state.mirror, step.when);
        step.judged.verdict = state.broken_rules.verdict(step.judged);
        step.change = decide(state.state, policy_, step.judged.verdict, state.history);
        const bool has_verdict = step.judged.verdict != ProbeVerdict::nothing_expected;
        tally.enabled_probed += state.state.enabled && has_verdict ? 1 : 0;
        const bool has_failed =
            step.judged.verdict == ProbeVerdict::failed && !state.history.in_maintenance;
        tally.failed += state.state.enabled && has_failed ? 1 : 0;
    }
    if (is_doubtful(tally)) {
        ++result_.doubtful_runs;
    } else {
        std::vector<Step*> leaving;
        for (auto& step : run_) {
            if (step.change == Change::disable) {
                leaving.push_back(&step);
            }
        }
        keep_last_ones(leaving);
        for (const auto& step : run_) {
            change(step);
        }
    }
    run_.clear();
    in_run_.clear();
}

void PolicyReplay::keep_last_ones(std::vector<Step*>& leaving) {
    std::map<std::string, std::size_t> enabled;
    const auto place = [](const ReplayedMirror& mirror) {
        return fmt::format("{} {}", mirror.country, to_string(mirror.content));
    };
    for (const auto& state : mirrors_) {
        enabled[place(state.mirror)] += state.state.enabled ? 1 : 0;
    }
    std::vector<LeavingMirror> candidates;
    for (const auto* step : leaving) {
        const std::string where = place(mirrors_[step->mirror].mirror);
        candidates.push_back(
            {.country = where, .enabled = enabled[where], .is_useless = is_useless(step->judged)});
    }
    const auto kept = find_kept(candidates, policy_.never_below);
    for (std::size_t i = 0; i < leaving.size(); ++i) {
        if (kept[i]) {
            leaving[i]->change = Change::none;
            mirrors_[leaving[i]->mirror].courses.kept.push_back(
                {.when = leaving[i]->when,
                 .enabled = true,
                 .by_admin = false,
                 .why = fmt::format("{}", fmt::join(leaving[i]->judged.why, "; "))});
        }
    }
}

void PolicyReplay::change(const Step& step) {
    auto& state = mirrors_[step.mirror];
    if (step.change != Change::none) {
        const bool enabled = step.change == Change::enable;
        state.state.enabled = enabled;
        state.state.disabled_by = enabled ? DisabledBy::nobody : DisabledBy::prober;
        state.courses.would_be.switches.push_back(
            {.when = step.when,
             .enabled = enabled,
             .by_admin = false,
             .why = enabled ? "passed its probe"
                            : fmt::format("{}", fmt::join(step.judged.why, "; "))});
    }
    state.broken_rules.add(step.judged);
    auto& history = state.history;
    const auto verdict = step.judged.verdict;
    history.earlier_failures = verdict == ProbeVerdict::failed ? history.earlier_failures + 1 : 0;
    history.earlier_successes = verdict == ProbeVerdict::passed ? history.earlier_successes + 1 : 0;
}

ReplayResult PolicyReplay::finish(Timestamp until) && {
    end_run();
    for (auto& state : mirrors_) {
        apply_admins(state, until);
        close(state.courses.was, state.enabled_at_begin, since_, until);
        close(state.courses.would_be, state.enabled_at_begin, since_, until);
        result_.mirrors.push_back(std::move(state.courses));
    }
    return std::move(result_);
}

}  // namespace model
