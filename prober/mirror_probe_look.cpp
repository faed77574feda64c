#include "model/look_notes.hpp"
#include "model/probe_log.hpp"
#include "prober/mirror_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

/// The part of a probe that is about what the mirror shows beside its indexes.
namespace prober {
namespace {

/// Of so many refusals it is kept what came back instead.
constexpr std::size_t refusals_max = 100;

/// Than the HEAD before it, which was answered 200: a host that wants a rest says nothing of
/// the file, and trouble of ours says nothing at all.
bool says_more(const model::IndexFacts& fetched) {
    constexpr int too_many_requests = 429;
    constexpr int unavailable = 503;
    const auto& outcome = fetched.outcome;
    const bool wants_rest = outcome.kind == model::OutcomeKind::http_status &&
                            (outcome.status == too_many_requests || outcome.status == unavailable);
    return !wants_rest && !model::is_inconclusive(outcome.kind) &&
           outcome.kind != model::OutcomeKind::skipped;
}

}  // namespace

MirrorLook* MirrorProbe::begin_opening() {
    if (look_stage_ != LookStage::waiting) {
        return nullptr;
    }
    begin_log();
    look_stage_ = LookStage::opening;
    return look_.get();
}

void MirrorProbe::end_opening() {
    look_stage_ = unfinished_reason_.empty() ? LookStage::open : LookStage::closed;
    abandon_if_cut_off();
    if (queue_.has_held()) {
        decide_turns();
    }
}

MirrorLook* MirrorProbe::begin_closing() {
    if (look_stage_ != LookStage::open || !has_ended_targets()) {
        return nullptr;
    }
    look_stage_ = LookStage::closing;
    return look_.get();
}

std::optional<DeepProbe> MirrorProbe::deep_probe() const {
    if (!task_.deep.is_deep || !look_->is_archive()) {
        return std::nullopt;
    }
    DeepProbe probe{.base_url = task_.base_url, .chance = task_.deep.chance, .suites = {}};
    for (std::size_t suite = 0; suite < task_.plan->suites().size(); ++suite) {
        if (look_->is_asked(suite) && look_->release(suite) != nullptr) {
            probe.suites.push_back(deep_suite(suite));
        }
    }
    return probe;
}

/// Of what is there and seems to be what the Release says.
DeepSuite MirrorProbe::deep_suite(std::size_t number) const {
    const auto& release = *look_->release(number);
    DeepSuite suite{.number = number,
                    .suite = task_.plan->suites()[number],
                    .has_by_hash = release.acquire_by_hash,
                    .indexes = {}};
    for (const auto target : asked_of(number)) {
        if (!is_row(found_[target])) {
            continue;
        }
        const auto path = task_.plan->path_in_suite(target);
        const auto* const entry = model::find_entry(release, path);
        if (entry != nullptr && !look_->is_odd(number, path)) {
            suite.indexes.push_back(*entry);
        }
    }
    return suite;
}

void MirrorProbe::take_deep(DeepProbed deep, model::Timestamp now) {
    deep_ = std::move(deep);
    costs_.push_back(deep_.cost);
    std::size_t indexes = 0;
    for (const auto& [suite, fetched] : deep_.indexes) {
        indexes += fetched.size();
    }
    remark(fmt::format("deep: {} indexes fetched and hashed, and a sample of the pool; {} requests",
                       indexes, deep_.cost.requests),
           now);
}

void MirrorProbe::end_closing() {
    look_stage_ = LookStage::closed;
    abandon_if_cut_off();
}

void MirrorProbe::abandon_if_cut_off() {
    if (look_->was_cancelled() || deep_.was_cancelled) {
        abandon("the run was ended", Whose::ours);
    }
}

void MirrorProbe::compare(Target target, const Answer& answer) {
    if (!look_) {
        return;
    }
    if (answer.outcome.is_ok()) {
        look_->index_answered(task_.plan->suite(target), task_.plan->path_in_suite(target), answer);
    } else if (!model::is_gone(answer.outcome)) {
        found_.set(target, refused);
        if (refusals_.size() < refusals_max) {
            refusals_.emplace(target, answer.outcome);
        }
    }
}

/// A plan has the targets of a suite one after the other.
std::span<const Target> MirrorProbe::asked_of(std::size_t suite) const {
    const auto suite_of = [this](Target target) { return task_.plan->suite(target); };
    return {std::ranges::lower_bound(asked_, suite, std::ranges::less{}, suite_of),
            std::ranges::upper_bound(asked_, suite, std::ranges::less{}, suite_of)};
}

std::vector<model::IndexFacts> MirrorProbe::facts_of(std::size_t suite) const {
    std::vector<model::IndexFacts> facts;
    for (const auto target : asked_of(suite)) {
        if (queue_.is_spared(target)) {
            continue;
        }
        auto& index = facts.emplace_back();
        index.path = task_.plan->path_in_suite(target);
        index.url = target_url(target);
        index.outcome = {.kind = model::OutcomeKind::ok};
        if (found_[target] == refused) {
            const auto kept = refusals_.find(target);
            index.outcome = kept != refusals_.end()
                                ? kept->second
                                : model::Outcome{.kind = model::OutcomeKind::skipped};
        } else if (found_[target] == 0) {
            index.outcome = {.kind = model::OutcomeKind::http_status, .status = 404};
        }
    }
    const auto fetched = deep_.indexes.find(suite);
    if (fetched != deep_.indexes.end()) {
        for (const auto& index : fetched->second) {
            if (says_more(index)) {
                *std::ranges::find(facts, index.path, &model::IndexFacts::path) = index;
            }
        }
    }
    return facts;
}

/// And what was found of the mirror before.
void MirrorProbe::take_look(model::ProbeResult& result) {
    auto& observation = result.observation;
    if (look_) {
        for (std::size_t suite = 0; suite < task_.plan->suites().size(); ++suite) {
            if (look_->is_asked(suite)) {
                look_->judge(suite, facts_of(suite), !turns_.contains(suite));
            }
        }
        look_->add_findings(std::move(deep_.findings));
        observation = look_->take_observation(costs_);
        for (const auto& note : model::look_notes(observation)) {
            remark(note, result.record.finished);
        }
        keep_turns(observation);
        observation.is_deep = task_.deep.is_deep;
        observation.since_deep = task_.deep.since;
        observation.deep_chance = task_.deep.chance;
    } else {
        observation.costs = costs_;
    }
    std::ranges::copy(findings_, std::back_inserter(observation.findings));
    model::sort_findings(observation.findings);
    for (const auto& finding : observation.findings) {
        spool_.append(log_, model::format_log_finding(result.record.finished, finding));
    }
}

/// Nor are rows left there that were not asked for this time.
void MirrorProbe::forget_what_is_no_archive(model::Timestamp now) {
    if (!look_ || look_->is_archive()) {
        return;
    }
    for (const auto target : asked_) {
        if (!is_compared(target)) {
            found_.set(target, 0);
        }
    }
    remark("not an archive: nothing that this host says counts", now);
}

}  // namespace prober
