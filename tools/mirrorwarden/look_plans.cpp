#include "tools/mirrorwarden/look_plans.hpp"

#include "model/mirror_url.hpp"
#include "tools/mirrorwarden/impossible_names.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace mirrorwarden {
namespace {

/// Release files that no mirror under way has: they are kept for those to come.
constexpr std::size_t unused_releases_max = 200;

/// What a probe asks for. Source: model::index_path.
bool is_probed_index(std::string_view path) {
    return path.ends_with("/Packages.gz") || path.ends_with("/Sources.gz");
}

}  // namespace

std::vector<model::Snapshot> known_snapshots(model::Store& store, const std::string& distribution,
                                             const std::string& suite) {
    auto known = store.snapshots(distribution, suite);
    if (!known.empty()) {
        if (auto newest = store.newest_snapshot(distribution, suite)) {
            known.front() = std::move(*newest);
        }
    }
    return known;
}

LookPlanner::LookPlanner(model::Store& store, const model::Distribution& distribution,
                         const prober::ProbePlan& probe) {
    auto plan = std::make_shared<prober::LookPlan>();
    for (const auto& suite : probe.suites()) {
        auto known = known_snapshots(store, distribution.name, suite);
        for (auto& snapshot : known) {
            std::erase_if(snapshot.entries, [](const model::ReleaseEntry& entry) {
                return !is_probed_index(entry.path);
            });
        }
        plan->suites.push_back(
            {.suite = suite, .origin = {}, .codename = {}, .known = std::move(known)});
    }
    plan->keyring = distribution.keyring;
    plan->sync_grace = distribution.sync_grace;
    plan_ = std::move(plan);
    library_ = std::make_shared<prober::ReleaseLibrary>(
        prober::ReleaseLibrary::Options{.verify = verifier_.function(distribution.keyring),
                                        .wants = is_probed_index,
                                        .unused_max = unused_releases_max});
}

prober::LookTask LookPlanner::plan(const model::StoredMirror& mirror,
                                   const std::optional<model::Observation>& before) const {
    prober::LookTask task;
    task.base_url = model::probe_url(mirror.mirror);
    task.rsync_url = mirror.mirror.rsync_url;
    task.plan = plan_;
    task.library = library_;
    task.impossible_names = impossible_names();
    task.torn_since.resize(plan_->suites.size());
    if (before) {
        for (std::size_t i = 0; i < plan_->suites.size(); ++i) {
            const auto state = std::ranges::find(before->suites, plan_->suites[i].suite,
                                                 &model::SuiteState::suite);
            if (state != before->suites.end()) {
                task.torn_since[i] = state->torn_since;
            }
        }
    }
    return task;
}

}  // namespace mirrorwarden
