#include "tools/mirrorwarden/probe_history.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace mirrorwarden {
namespace {

/// How many old probes are looked at for some in a row: suspect ones lie between.
constexpr std::size_t probes_looked_at(int in_a_row) {
    return static_cast<std::size_t>(in_a_row) * 4 + 16;
}

/// How many old probes are looked at for what a mirror that is off was last judged by.
constexpr std::size_t probes_off_max = 400;

bool is_told(const model::PolicyVerdict& judged) {
    return !judged.told_nothing && judged.untold.empty();
}

/// When an admin enabled the mirror last: what came before is forgiven.
std::optional<model::Timestamp> forgiven_until(model::Store& store, const ProbedMirror& probed) {
    std::optional<model::Timestamp> last;
    for (const auto& entry : store.audit(probed.mirror.state.id)) {
        // One of the future is of a clock that was ahead.
        if (entry.what == "enabled" && entry.who != "prober" &&
            entry.when <= probed.record.started) {
            last = entry.when;
        }
    }
    return last;
}

/// Those before this one that count, the newest first; `most` are looked at. The probe itself
/// is among the stored ones, not decided yet, and so does not count.
std::vector<model::StoredProbe> probes_before(model::Store& store, const ProbedMirror& probed,
                                              std::size_t most) {
    auto probes = store.probes(probed.mirror.state.id, most);
    const auto forgiven = forgiven_until(store, probed);
    std::erase_if(probes, [&](const model::StoredProbe& probe) {
        return !counts_before(probe.record, probed) ||
               (forgiven && probe.record.started <= *forgiven);
    });
    return probes;
}

model::PolicyVerdict judge_stored(model::Store& store, const model::Policy& policy,
                                  const model::StoredProbe& probe) {
    if (policy.disable_when.empty()) {
        return {.verdict = probe.record.verdict, .why = {}};
    }
    return model::judge_probe(policy, probe.record.verdict,
                              store.observation(probe.id).value_or(model::Observation{}));
}

/// The probes of a mirror that is off, the newest first, as far back as is needed: until one
/// was judged by every rule.
std::vector<model::PolicyVerdict> verdicts_before(model::Store& store, const model::Policy& policy,
                                                  const ProbedMirror& probed) {
    const auto asked = static_cast<std::size_t>(std::max(policy.successes_before_enable, 1));
    std::vector<model::PolicyVerdict> newest_first;
    for (const auto& probe : probes_before(store, probed, probes_off_max)) {
        const auto& judged = newest_first.emplace_back(judge_stored(store, policy, probe));
        if (newest_first.size() >= asked && is_told(judged)) {
            break;
        }
    }
    return newest_first;
}

}  // namespace

bool counts_before(const model::ProbeRecord& record, const ProbedMirror& probed) {
    return record.decided && !record.suspect && record.started <= probed.record.started;
}

model::PolicyHistory history_before(model::Store& store, const model::Policy& policy,
                                    const ProbedMirror& probed, int asked) {
    std::vector<model::JudgedProbe> earlier;
    for (const auto& probe : probes_before(store, probed, probes_looked_at(asked))) {
        earlier.push_back({.verdict = judge_stored(store, policy, probe).verdict});
    }
    return model::history_of(earlier);
}

JudgedReturn judge_return(model::Store& store, const model::Policy& policy,
                          const ProbedMirror& probed) {
    JudgedReturn judged;
    model::BrokenRules broken;
    if (policy.successes_before_enable > 1 || !is_told(probed.judged)) {
        const auto before = verdicts_before(store, policy, probed);
        std::vector<model::JudgedProbe> earlier(before.size());
        for (std::size_t i = before.size(); i-- > 0;) {
            earlier[i].verdict = broken.verdict(before[i]);
            broken.add(before[i]);
        }
        judged.history = model::history_of(earlier);
    }
    judged.verdict = broken.verdict(probed.judged);
    return judged;
}

}  // namespace mirrorwarden
