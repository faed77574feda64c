#pragma once

#include "model/store.hpp"
#include "prober/mirror_probe.hpp"
#include "tools/mirrorwarden/release_verifier.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mirrorwarden {

/// What the ARCHIVE mirrors of one distribution are looked at for, by what is stored of it.
class LookPlanner {
public:
    LookPlanner(model::Store&, const model::Distribution&, const prober::ProbePlan&);

    /// For one mirror. `before`: what its newest probe learnt, which is heeded; may
    /// be null.
    prober::LookTask plan(const model::StoredMirror&, const model::Observation* before) const;

    /// By suite, what lets its indexes be asked for in turns: it was whole, and the primary
    /// is not known to have published since what the mirror had.
    std::vector<std::optional<prober::SuiteBefore>> suites_before(const model::Observation&) const;

    /// By suite, the Release that the mirror may be asked for conditionally: the newest of the
    /// primary, of a suite that was whole, received within the last day.
    std::vector<std::optional<prober::ReleaseHad>> releases_had(const model::Observation&,
                                                                model::Timestamp last_probe,
                                                                model::Timestamp now) const;

    /// What keeps signatures from being checked: known when the run is over.
    const ReleaseVerifier& verifier() const noexcept { return verifier_; }

private:
    ReleaseVerifier verifier_;
    std::shared_ptr<const prober::LookPlan> plan_;
    std::shared_ptr<prober::ReleaseLibrary> library_;
    std::vector<std::shared_ptr<const prober::ReadRelease>> newest_;  // by suite; may be null
};

/// What a mirror of CD images is looked at for: its host alone.
prober::LookTask plan_host_look(const model::StoredMirror&);

/// All that the primary archive is known to have published of a suite, newest first; entries and
/// names for the newest alone.
std::vector<model::Snapshot> known_snapshots(model::Store&, const std::string& distribution,
                                             const std::string& suite);

/// What the primary archive is known to have published last of each suite, with its entries;
/// none of a suite that was never read.
std::vector<model::Snapshot> newest_snapshots(model::Store&, const model::Distribution&);

/// What the newest of `known_snapshots` is called; empty where nobody knows.
model::ReleaseNames names_of(const std::vector<model::Snapshot>& known);

}  // namespace mirrorwarden
