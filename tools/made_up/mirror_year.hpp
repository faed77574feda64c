#pragma once

#include "model/probe.hpp"
#include "model/snapshot.hpp"
#include "tools/made_up/lagoon.hpp"

#include <map>
#include <string>
#include <vector>

namespace made_up {

/// What the archive published, by suite: oldest first, one before the year.
using Snapshots = std::map<std::string, std::vector<model::Snapshot>>;

/// Every six hours one suite has news, mostly the same one.
Snapshots publish(const model::Distribution&, model::Timestamp begin, model::Timestamp end);

/// What is probed, and when.
struct Year {
    const model::Distribution* distribution = nullptr;
    const Snapshots* snapshots = nullptr;
    model::Timestamp begin;
    model::Timestamp end;
};

/// All probes of one mirror: daily, and in the last days every few hours, as often as pictures
/// of a day need it. The same for the same question, always.
std::vector<model::ProbeResult> probes_of(const model::StoredMirror&, const Fate&, const Year&);

}  // namespace made_up
