#include "tools/service/propagation.hpp"

#include <algorithm>

namespace service {
namespace {

using model::Snapshot;
using model::Timestamp;

bool had_all_until(Timestamp seen, const std::optional<model::Lag>& lag, const Snapshot& snapshot) {
    // What it lacks was published when the lag began, or later.
    return lag && !lag->is_estimated && seen > snapshot.date &&
           (lag->behind.count() == 0 || snapshot.date < seen - lag->behind);
}

/// When the mirror was first seen to have the snapshot; empty if it was not.
std::optional<Timestamp> first_seen(const MirrorFacts& facts, const model::SuiteState& suite,
                                    const Snapshot& snapshot) {
    for (const HistoryPoint& point : facts.history) {
        // A suite that was torn had no snapshot whole.
        if (point.started > snapshot.date && !point.suspect &&
            point.integrity == model::Integrity::whole &&
            had_all_until(point.started, point.lag, snapshot)) {
            return point.started;
        }
    }
    if (!facts.last_probe || suite.integrity != model::Integrity::whole) {
        return std::nullopt;
    }
    const Timestamp probed = facts.last_probe->record.started;
    if (suite.text_sha256 == snapshot.text_sha256 || had_all_until(probed, suite.lag, snapshot)) {
        return probed;
    }
    return std::nullopt;
}

}  // namespace

Propagation propagation_of(const World& world, const model::Distribution& distribution,
                           const Snapshot& snapshot) {
    Propagation propagation;
    propagation.snapshot = &snapshot;
    std::vector<std::pair<Timestamp, std::uint64_t>> seen;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        const auto& suites = facts->observation.suites;
        const auto suite = std::ranges::find(suites, snapshot.suite, &model::SuiteState::suite);
        if (mirror.distribution != distribution.name || !facts->mirror.state.enabled ||
            suite == suites.end() || suite->integrity == model::Integrity::missing) {
            continue;
        }
        const auto kilobits = static_cast<std::uint64_t>(mirror.speed);
        ++propagation.mirrors;
        propagation.kilobits += kilobits;
        if (const auto when = first_seen(*facts, *suite, snapshot)) {
            seen.emplace_back(*when, kilobits);
        }
    }
    std::ranges::sort(seen);
    Propagation::Step total;
    for (const auto& [when, kilobits] : seen) {
        const auto after =
            std::max(std::chrono::duration_cast<std::chrono::seconds>(when - snapshot.date),
                     std::chrono::seconds{0});
        ++total.mirrors;
        total.kilobits += kilobits;
        if (!propagation.steps.empty() && total.after == after) {
            propagation.steps.back() = total;
            continue;
        }
        total.after = after;
        propagation.steps.push_back(total);
    }
    return propagation;
}

const Snapshot* find_snapshot(const World& world, std::string_view distribution,
                              std::string_view suite, const std::optional<model::Sha256>& text) {
    const auto suites = world.snapshots.find(std::string{distribution});
    if (suites == world.snapshots.end()) {
        return nullptr;
    }
    const auto all = suites->second.find(std::string{suite});
    if (all == suites->second.end() || all->second.empty()) {
        return nullptr;
    }
    if (!text) {
        return &all->second.front();
    }
    const auto found = std::ranges::find(all->second, *text, &Snapshot::text_sha256);
    return found == all->second.end() ? nullptr : &*found;
}

}  // namespace service
