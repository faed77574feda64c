#pragma once

#include "model/observation.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace model {

/// Something that a mirror's owner is told of when it begins, and that never disables it.
enum class Watched { ipv4, ipv6, certificate };

enum class Standing {
    unknown,  // it was not looked at, or could not be told
    fine,
    amiss,
};

Standing standing_of(Watched, const Observation&);

struct StateChange {
    Watched what{};
    bool begins = true;  // false: it is fine again

    friend bool operator==(const StateChange&, const StateChange&) = default;
};

/// What has changed since it was last known; the first time that it is known to be amiss is
/// a change, the first time that it is known to be fine is none. That a certificate is fine
/// again is no news: the owner has renewed it.
/// `earlier`: the probes before, newest first.
std::vector<StateChange> state_changes(const Observation& now,
                                       std::span<const Observation> earlier);

/// More of the past would not change what `state_changes` says.
bool is_settled(const Observation& now, std::span<const Observation> earlier);

/// What standings are told from, of an observation that may be large.
Observation watched_part(Observation);

/// The one that says that it is amiss; null if there is none.
const Finding* finding_of(Watched, std::span<const Finding>);

}  // namespace model
