#include "prober/mirror_probe.hpp"
#include "prober/sha256_hasher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

/// The part of a probe that spares indexes whose turn it is not.
namespace prober {

void MirrorProbe::decide_turns() {
    const auto now = clock_();
    for (std::size_t suite = 0; suite < task_.before.size(); ++suite) {
        if (task_.before[suite] && is_unchanged(suite)) {
            turns_[suite] = model::parts_due(
                {.turns = &task_.before[suite]->turns, .last_probe = task_.last_probe, .now = now});
        }
    }
    std::map<std::size_t, std::size_t> places;  // by suite: of the next index
    queue_.decide([this, &places](Target target) {
        const auto suite = task_.plan->suite(target);
        const auto part = places[suite]++ % model::index_parts;
        const auto turn = turns_.find(suite);
        return turn != turns_.end() && !turn->second[part];
    });
    std::erase_if(turns_, [this](const auto& turn) {
        const auto is_spared = [this](Target target) { return queue_.is_spared(target); };
        return std::ranges::none_of(asked_of(turn.first), is_spared);
    });
    if (queue_.spared() == 0) {
        return;
    }
    remark(fmt::format("{} of {} indexes are not asked for: their suites' Releases are those of "
                       "the last probe, which found all of them; each has its turn once a day",
                       queue_.spared(), asked_.size()),
           now);
}

/// Of what was whole: the same Release, the same question, and no row went meanwhile.
bool MirrorProbe::is_unchanged(std::size_t suite) const {
    const auto& before = *task_.before[suite];
    const auto has_gone = [this](Target target) { return !task_.assignment.had[target]; };
    return look_->has_text(suite, before.text_sha256) && look_->is_sound(suite) &&
           question_of(suite) == before.turns.question &&
           std::ranges::none_of(asked_of(suite), has_gone);
}

/// Nothing is decided from a part: where one index is not as it was, all are asked for.
void MirrorProbe::expect_as_before(Target target, bool is_as_before) {
    const auto suite = task_.plan->suite(target);
    if (queue_.spared() == 0 || !task_.before[suite] ||
        (is_as_before && !look_->is_odd(suite, task_.plan->path_in_suite(target)))) {
        return;
    }
    remark(fmt::format("not as it was: the {} indexes that were not to be asked for are, too",
                       queue_.spared()),
           clock_());
    queue_.ask_spared();
    turns_.clear();
}

/// Of a row whose first file answered; what a mirror has that lacks nothing.
std::uint8_t MirrorProbe::best_freshness(Target target) const {
    const auto checks = task_.plan->checks(target);
    const auto best = checks.empty() ? model::Freshness::unknown : checks.front().freshness;
    return static_cast<std::uint8_t>(best);
}

/// Of all that a suite is asked for where nothing is missing.
model::Sha256 MirrorProbe::question_of(std::size_t suite) const {
    Sha256Hasher hasher;
    hasher.add(task_.base_url);
    for (const auto target : asked_of(suite)) {
        const auto checks = task_.plan->checks(target);
        hasher.add(task_.plan->path(target));
        hasher.add("\n");
        hasher.add(checks.empty() ? "" : task_.plan->check_path(checks.front()));
        hasher.add("\n");
    }
    return hasher.finish();
}

/// Where all is there, and its freshest files are.
void MirrorProbe::keep_turns(model::Observation& observation) const {
    const auto is_at_its_best = [this](Target target) {
        return queue_.is_spared(target) || found_[target] == best_freshness(target);
    };
    for (std::size_t suite = 0; suite < task_.plan->suites().size(); ++suite) {
        const auto state = std::ranges::find(observation.suites, task_.plan->suites()[suite],
                                             &model::SuiteState::suite);
        const auto turns = turns_.find(suite);
        const bool has_turns = turns != turns_.end();
        if (state == observation.suites.end() || state->integrity != model::Integrity::whole ||
            !(state->is_whole_check || has_turns)) {
            continue;
        }
        if (std::ranges::all_of(asked_of(suite), is_at_its_best)) {
            state->turns = model::turns_after(
                question_of(suite), has_turns ? &task_.before[suite]->turns : nullptr,
                has_turns ? turns->second : model::IndexParts{}, started_);
        }
    }
}

/// After the judgement, which is about what was asked.
void MirrorProbe::carry_spared() {
    for (const auto target : asked_) {
        if (queue_.is_spared(target)) {
            found_.set(target, best_freshness(target));
        }
    }
}

}  // namespace prober
