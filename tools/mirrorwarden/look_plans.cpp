#include "tools/mirrorwarden/look_plans.hpp"

#include "model/bucket.hpp"
#include "model/index_turns.hpp"
#include "model/mirror_url.hpp"
#include "tools/mirrorwarden/impossible_names.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace mirrorwarden {
namespace {

/// Release files that no mirror under way has: they are kept for those to come.
constexpr std::size_t unused_releases_max = 200;

using Paths = std::set<std::string, std::less<>>;

/// Of all suites, each below its folder.
Paths probed_indexes(const prober::ProbePlan& probe) {
    Paths paths;
    for (prober::Target target = 0; target < probe.target_count(); ++target) {
        paths.emplace(probe.path_in_suite(target));
    }
    return paths;
}

/// As if it had just been read from a mirror. Who signed it is known from where it was read first;
/// null where its indexes are not known any more.
std::shared_ptr<const prober::ReadRelease> as_read(const std::vector<model::Snapshot>& known) {
    if (known.empty() || known.front().entries.empty()) {
        return nullptr;
    }
    const auto& newest = known.front();
    auto read = std::make_shared<prober::ReadRelease>();
    read->sha256 = newest.sha256;
    read->text_sha256 = newest.text_sha256;
    auto& release = read->release.emplace();
    release.date = newest.date;
    release.valid_until = newest.valid_until;
    release.entries = newest.entries;
    return read;
}

const model::SuiteState* find_whole_suite(const model::Observation& observation,
                                          const prober::LookSuite& suite) {
    const auto state =
        std::ranges::find(observation.suites, suite.suite, &model::SuiteState::suite);
    const bool is_whole = state != observation.suites.end() &&
                          state->integrity == model::Integrity::whole && state->text_sha256;
    return is_whole ? &*state : nullptr;
}

/// It has what the primary published last, as far as that is known.
bool is_newest(const model::SuiteState& state, const prober::LookSuite& suite) {
    return !suite.known.empty() && suite.known.front().text_sha256 == *state.text_sha256;
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

std::vector<model::Snapshot> newest_snapshots(model::Store& store,
                                              const model::Distribution& distribution) {
    std::set<std::string> suites;
    for (const auto& bucket :
         model::expected_buckets(distribution, {}, model::Expectation::everything)) {
        suites.insert(model::suite(bucket));
    }
    std::vector<model::Snapshot> newest;
    for (const auto& suite : suites) {
        if (auto snapshot = store.newest_snapshot(distribution.name, suite)) {
            newest.push_back(std::move(*snapshot));
        }
    }
    return newest;
}

model::ReleaseNames names_of(const std::vector<model::Snapshot>& known) {
    return known.empty() ? model::ReleaseNames{}
                         : known.front().names.value_or(model::ReleaseNames{});
}

prober::LookTask plan_host_look(const model::StoredMirror& mirror) {
    static const auto no_suites = std::make_shared<const prober::LookPlan>();
    prober::LookTask task;
    task.base_url = model::probe_url(mirror.mirror);
    task.rsync_url = mirror.mirror.rsync_url;
    task.plan = no_suites;
    task.impossible_names = impossible_names();
    return task;
}

LookPlanner::LookPlanner(model::Store& store, const model::Distribution& distribution,
                         const prober::ProbePlan& probe) {
    auto plan = std::make_shared<prober::LookPlan>();
    const auto is_probed = [paths = probed_indexes(probe)](std::string_view path) {
        return paths.contains(path);
    };
    for (const auto& suite : probe.suites()) {
        auto known = known_snapshots(store, distribution.name, suite);
        for (auto& snapshot : known) {
            std::erase_if(snapshot.entries, [&is_probed](const model::ReleaseEntry& entry) {
                return !is_probed(entry.path);
            });
        }
        newest_.push_back(as_read(known));
        auto names = names_of(known);
        plan->suites.push_back(
            {.suite = suite, .names = std::move(names), .known = std::move(known)});
    }
    plan->keyring = distribution.keyring;
    plan->sync_grace = distribution.sync_grace;
    plan_ = std::move(plan);
    library_ = std::make_shared<prober::ReleaseLibrary>(
        prober::ReleaseLibrary::Options{.verify = verifier_.function(distribution.keyring),
                                        .wants = is_probed,
                                        .unused_max = unused_releases_max});
}

prober::LookTask LookPlanner::plan(const model::StoredMirror& mirror,
                                   const model::Observation* before) const {
    prober::LookTask task;
    task.base_url = model::probe_url(mirror.mirror);
    task.rsync_url = mirror.mirror.rsync_url;
    task.plan = plan_;
    task.library = library_;
    task.impossible_names = impossible_names();
    if (before != nullptr) {
        for (std::size_t i = 0; i < plan_->suites.size(); ++i) {
            const auto state = std::ranges::find(before->suites, plan_->suites[i].suite,
                                                 &model::SuiteState::suite);
            if (state != before->suites.end() && state->torn_since) {
                task.torn_since.resize(plan_->suites.size());
                task.torn_since[i] = state->torn_since;
            }
        }
    }
    return task;
}

std::vector<std::optional<prober::SuiteBefore>> LookPlanner::suites_before(
    const model::Observation& before) const {
    std::vector<std::optional<prober::SuiteBefore>> suites(plan_->suites.size());
    for (std::size_t i = 0; i < suites.size(); ++i) {
        const auto& suite = plan_->suites[i];
        const auto* const state = find_whole_suite(before, suite);
        if (state != nullptr && state->turns && (suite.known.empty() || is_newest(*state, suite))) {
            suites[i] = {.text_sha256 = *state->text_sha256, .turns = *state->turns};
        }
    }
    return suites;
}

std::vector<std::optional<prober::ReleaseHad>> LookPlanner::releases_had(
    const model::Observation& before, model::Timestamp last_probe, model::Timestamp now) const {
    std::vector<std::optional<prober::ReleaseHad>> releases(plan_->suites.size());
    for (std::size_t i = 0; i < releases.size(); ++i) {
        const auto& suite = plan_->suites[i];
        const auto* const state = find_whole_suite(before, suite);
        // Where something newer is expected, and once a day, the answer must be the file itself:
        // a server that always says "not modified" would hide what its files became.
        if (state != nullptr && state->validators && newest_[i] && is_newest(*state, suite) &&
            !model::is_refresh_due(state->validators->fetched, last_probe, now)) {
            releases[i] = {.validators = *state->validators, .release = newest_[i]};
        }
    }
    return releases;
}

}  // namespace mirrorwarden
