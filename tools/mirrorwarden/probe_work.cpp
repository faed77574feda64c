#include "tools/mirrorwarden/probe_work.hpp"

#include "tools/mirrorwarden/look_plans.hpp"
#include "tools/mirrorwarden/lookup.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
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

    prober::MirrorTask plan(model::Store& store, const model::StoredMirror& stored,
                            const std::optional<ProbeBefore>& before, const RunWish& wish) {
        prober::MirrorTask task;
        task.mirror = stored.state.id;
        task.name = stored.mirror.name;
        task.base_url = model::probe_url(stored.mirror);
        task.plan = plan_;
        if (plan_->content() == model::Content::archive) {
            const auto rows = store.unordered_rows(stored.state.id);
            task.assignment = assigner_.assign(rows);
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
            const auto images = store.images(stored.state.id);
            task.assignment = assigner_.assign(images);
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
};

std::set<std::string> find_requested(model::Store& store, model::Timestamp now) {
    std::set<std::string> names;
    for (auto& request : store.probe_requests(now)) {
        names.insert(std::move(request.mirror));
    }
    return names;
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
    auto plan = std::make_shared<const prober::ProbePlan>(
        prober::ProbePlan::for_archive(distribution, publications, now));
    auto look = std::make_unique<LookPlanner>(store, distribution, *plan);
    return std::make_unique<Planner>(std::move(plan), std::move(look));
}

}  // namespace

ProbeWork plan_probe(model::Store& store, const model::ChooseOptions& options, model::Timestamp now,
                     const ExpectImages& expect_images, DeepWish deep) {
    const RunWish wish{
        .choose = options, .deep = deep, .now = now, .requested = find_requested(store, now)};
    auto chosen =
        model::choose_mirrors(find_candidates(store, options, wish.requested), options, now);
    ProbeWork work;
    work.mirrors = std::move(chosen.mirrors);
    work.warnings = std::move(chosen.warnings);

    const auto newest = store.newest_probes();
    std::map<std::string, std::unique_ptr<Planner>> planners;
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
        const auto last = newest.find(mirror.state.id);
        const auto before =
            last == newest.end() ? std::nullopt : find_probe_before(store, last->second);
        work.tasks.push_back(planner->plan(store, mirror, before, wish));
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
