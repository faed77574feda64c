#pragma once

#include "model/catalog.hpp"
#include "model/probe.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace model {

/// How old a mirror's newest probe must be before it is probed again: a day, less
/// an hour, because a run from cron at the same time each day finds yesterday's
/// probes a few seconds short of 24 hours old, and would leave every other day out.
inline constexpr std::chrono::hours probe_interval{23};

/// A mirror and when it was probed last.
struct Candidate {
    StoredMirror mirror;
    std::optional<StoredProbe> last_probe;
    bool is_requested = false;  // somebody asked for a probe, and none began since
};

struct ChooseOptions {
    Content content = Content::archive;
    std::vector<std::string> names;  // only these, if any are given
    bool force = false;              // whatever the age
    bool only_requested = false;     // nothing but what somebody asked for
    std::optional<std::size_t> mirrors_max;
};

struct ChosenMirrors {
    std::vector<StoredMirror> mirrors;  // never probed first, then the longest ago, then by name
    std::vector<std::string> warnings;  // a named mirror that is off by an admin, of other content,
                                        // not due yet; a mirror without a base URL
};

/// Which mirrors a run probes: those of the content that are enabled, or that the
/// prober itself disabled, and that were never probed, or whose newest probe is
/// older than `probe_interval`, or as far in the future (the clock was ahead), or was
/// never decided, or that somebody asked for.
ChosenMirrors choose_mirrors(std::vector<Candidate>, const ChooseOptions&, Timestamp now);

}  // namespace model
