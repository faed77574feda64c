#include "tools/mirrorwarden/probe_work.hpp"

#include "tools/mirrorwarden/look_plans.hpp"
#include "tools/mirrorwarden/lookup.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace mirrorwarden {
namespace {

/// What a run is to do, the same for all its mirrors.
struct RunWish {
    const model::ChooseOptions& choose;
    DeepWish deep;
    model::Timestamp now;
    std::set<std::string> requested;  // names of mirrors
};

/// What the newest probe of a mirror came to.
struct ProbeBefore {
    model::ProbeRecord record;
    model::Observation observation;
};

std::optional<ProbeBefore> find_probe_before(model::Store& store, const model::StoredProbe& last) {
    auto observation = store.observation(last.id);
    if (!observation) {
        return std::nullopt;
    }
    return ProbeBefore{.record = last.record, .observation = std::move(*observation)};
}

/// Who names or asks for a mirror wants to know all of it now; and nothing is spared after a
/// doubt.
bool may_spare(const RunWish& wish, const model::StoredMirror& stored,
               const model::ProbeRecord& record) {
    return wish.choose.names.empty() && !wish.requested.contains(stored.mirror.name) &&
           stored.state.enabled && !record.suspect && record.decided &&
           record.verdict == model::ProbeVerdict::passed;
}

/// The plan of a distribution, and who works out what its mirrors are asked.
class Planner {
public:
    Planner(std::shared_ptr<const prober::ProbePlan> plan, std::unique_ptr<LookPlanner> look)
        : plan_{std::move(plan)}, assigner_{*plan_}, look_{std::move(look)} {}

    /// The mirror had this index, or image set, last time; told before it is planned.
    void take_target(model::MirrorId mirror, prober::Target target) {
        auto& had = had_[mirror];
        had.resize(plan_->target_count());
        had[target] = true;
    }
    /// Empty for CD images, and for what the plan has not.
    std::optional<prober::Target> target_of(const model::Bucket& bucket) const {
        return look_ ? assigner_.target_of(bucket) : std::nullopt;
    }
    void take_images(model::MirrorId mirror, const model::ImageRow& images) {
        images_[mirror].push_back(images);
    }

    prober::MirrorTask plan(const model::StoredMirror& stored,
                            const std::optional<ProbeBefore>& before, const RunWish& wish) {
        prober::MirrorTask task;
        task.mirror = stored.state.id;
        task.name = stored.mirror.name;
        task.base_url = model::probe_url(stored.mirror);
        task.plan = plan_;
        if (plan_->content() == model::Content::archive) {
            auto had = std::move(had_[stored.state.id]);
            had.resize(plan_->target_count());
            task.assignment = assigner_.assign(std::move(had));
            const auto* const learnt = before ? &before->observation : nullptr;
            task.look = look_->plan(stored, learnt);
            task.deep = model::deep_turn({.mirror = task.name,
                                          .every = plan_->distribution().deep_every,
                                          .is_wanted = wish.deep.is_wanted,
                                          .last = learnt,
                                          .chance = wish.deep.chance});
            if (before && !task.deep.is_deep && may_spare(wish, stored, before->record)) {
                task.before = look_->suites_before(*learnt);
                task.last_probe = before->record.started;
                task.look->had = look_->releases_had(*learnt, task.last_probe, wish.now);
            }
        } else {
            task.assignment = assigner_.assign(images_[stored.state.id]);
            task.look = plan_host_look(stored);
        }
        return task;
    }

    /// Null for CD images.
    const LookPlanner* look() const noexcept { return look_.get(); }

private:
    std::shared_ptr<const prober::ProbePlan> plan_;
    prober::Assigner assigner_;
    std::unique_ptr<LookPlanner> look_;
    std::map<model::MirrorId, std::vector<bool>> had_;  // by target
    std::map<model::MirrorId, std::vector<model::ImageRow>> images_;
};

std::set<std::string> find_requested(model::Store& store, model::Timestamp now) {
    std::set<std::string> names;
    for (auto& request : store.probe_requests(now)) {
        names.insert(std::move(request.mirror));
    }
    return names;
}

using Planners = std::map<std::string, std::unique_ptr<Planner>>;  // by distribution

/// What the mirrors had last time, in few questions whatever their number. `is_most`: hardly
/// any others have rows.
void tell_what_was_had(model::Store& store, const std::vector<model::StoredMirror>& mirrors,
                       bool is_most, const Planners& planners) {
    std::map<model::MirrorId, Planner*> of_mirror;
    std::vector<model::MirrorId> ids;
    for (const auto& mirror : mirrors) {
        ids.push_back(mirror.state.id);
        of_mirror.emplace(mirror.state.id, planners.at(mirror.mirror.distribution).get());
    }
    const auto choice = is_most ? std::nullopt : model::MirrorChoice{ids};
    std::unordered_map<std::int64_t, std::pair<Planner*, prober::Target>> targets;
    for (const auto& [number, distribution, bucket] : store.buckets()) {
        const auto planner = planners.find(distribution);
        if (planner == planners.end()) {
            continue;
        }
        if (const auto target = planner->second->target_of(bucket)) {
            targets.emplace(number, std::pair(planner->second.get(), *target));
        }
    }
    store.for_each_row(choice, [&](const model::PackedRow& row) {
        const auto planner = of_mirror.find(row.mirror);
        const auto target = targets.find(row.bucket);
        if (planner != of_mirror.end() && target != targets.end() &&
            target->second.first == planner->second) {
            planner->second->take_target(row.mirror, target->second.second);
        }
    });
    store.for_each_image(choice, [&](model::MirrorId id, const model::ImageRow& images) {
        if (const auto planner = of_mirror.find(id); planner != of_mirror.end()) {
            planner->second->take_images(id, images);
        }
    });
}

std::vector<model::Candidate> find_candidates(model::Store& store,
                                              const model::ChooseOptions& options,
                                              const std::set<std::string>& requested) {
    const std::set<std::string> named(options.names.begin(), options.names.end());
    std::set<std::string> unknown = named;
    auto probes = store.newest_probes();
    std::vector<model::Candidate> candidates;
    for (auto& mirror : store.mirrors({})) {
        const bool is_named = unknown.erase(mirror.mirror.name) > 0;
        if (named.empty() ? mirror.mirror.content != options.content : !is_named) {
            continue;
        }
        const auto newest = probes.find(mirror.state.id);
        auto& candidate = candidates.emplace_back();
        candidate.is_requested = requested.contains(mirror.mirror.name);
        candidate.mirror = std::move(mirror);
        if (newest != probes.end()) {
            candidate.last_probe = std::move(newest->second);
        }
    }
    if (!unknown.empty()) {
        known_mirror(store, *unknown.begin());  // throws, with the nearest name
    }
    return candidates;
}

std::unique_ptr<Planner> make_release_planner(const ImageExpectation& expected) {
    return std::make_unique<Planner>(
        std::make_shared<const prober::ProbePlan>(
            prober::ProbePlan::for_release(expected.distribution, expected.sums)),
        nullptr);
}

std::unique_ptr<Planner> make_archive_planner(model::Store& store,
                                              const model::Distribution& distribution,
                                              model::Timestamp now) {
    const auto publications =
        store.publications_since(distribution.name, now - model::freshness_horizon);
    auto plan = std::make_shared<const prober::ProbePlan>(prober::ProbePlan::for_archive(
        distribution, publications, now, newest_snapshots(store, distribution)));
    auto look = std::make_unique<LookPlanner>(store, distribution, *plan);
    return std::make_unique<Planner>(std::move(plan), std::move(look));
}

}  // namespace

ProbeWork plan_probe(model::Store& store, const model::ChooseOptions& options, model::Timestamp now,
                     const ExpectImages& expect_images, DeepWish deep) {
    const RunWish wish{
        .choose = options, .deep = deep, .now = now, .requested = find_requested(store, now)};
    auto candidates = find_candidates(store, options, wish.requested);
    const auto known = candidates.size();
    auto chosen = model::choose_mirrors(std::move(candidates), options, now);
    ProbeWork work;
    work.mirrors = std::move(chosen.mirrors);
    work.warnings = std::move(chosen.warnings);

    const auto newest = store.newest_probes();
    Planners planners;
    for (const auto& mirror : work.mirrors) {
        const auto& name = mirror.mirror.distribution;
        auto& planner = planners[name];
        if (planner == nullptr) {
            // The database keeps no mirror without its distribution.
            const auto distribution = store.distribution(name).value();
            if (options.content == model::Content::archive) {
                planner = make_archive_planner(store, distribution, now);
            } else {
                const auto expected = expect_images ? expect_images(distribution)
                                                    : ImageExpectation{distribution, {}, {}};
                planner = make_release_planner(expected);
                std::ranges::copy(expected.warnings, std::back_inserter(work.warnings));
            }
            work.distributions.emplace(name, distribution);
            if (planner->look() != nullptr) {
                work.verifiers.emplace(name, planner->look()->verifier());
            }
        }
    }
    tell_what_was_had(store, work.mirrors, options.names.empty() && work.mirrors.size() * 2 > known,
                      planners);
    for (const auto& mirror : work.mirrors) {
        const auto last = newest.find(mirror.state.id);
        const auto before =
            last == newest.end() ? std::nullopt : find_probe_before(store, last->second);
        work.tasks.push_back(planners.at(mirror.mirror.distribution)->plan(mirror, before, wish));
    }
    return work;
}

std::size_t count_requests(const ProbeWork& work) {
    std::size_t requests = 0;
    for (const auto& task : work.tasks) {
        requests += task.assignment.asked->size();
    }
    return requests;
}

}  // namespace mirrorwarden
