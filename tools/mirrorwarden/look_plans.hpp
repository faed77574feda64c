#pragma once

#include "model/store.hpp"
#include "prober/mirror_probe.hpp"
#include "tools/mirrorwarden/release_verifier.hpp"

#include <memory>
#include <optional>
#include <string>

namespace mirrorwarden {

/// What the ARCHIVE mirrors of one distribution are looked at for, by what is stored of it.
class LookPlanner {
public:
    LookPlanner(model::Store&, const model::Distribution&, const prober::ProbePlan&);

    /// For one mirror. `before`: what its newest probe learnt, which is heeded.
    prober::LookTask plan(const model::StoredMirror&,
                          const std::optional<model::Observation>& before) const;

    /// What keeps signatures from being checked: known when the run is over.
    const ReleaseVerifier& verifier() const noexcept { return verifier_; }

private:
    ReleaseVerifier verifier_;
    std::shared_ptr<const prober::LookPlan> plan_;
    std::shared_ptr<prober::ReleaseLibrary> library_;
};

/// All that the primary archive is known to have published of a suite, any order; entries
/// for the newest alone.
std::vector<model::Snapshot> known_snapshots(model::Store&, const std::string& distribution,
                                             const std::string& suite);

}  // namespace mirrorwarden
