#pragma once

#include "tools/mirrorwarden/probe_session.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <string>

namespace mirrorwarden {

// What `probe` prints where it is asked to; the JSON is a contract.

/// {"mirrors": ["valid-mirror", ...], "requests": 160}
std::string dry_run_json(const ProbeWork&);
std::string dry_run_text(const ProbeWork&);

/// One object: started, finished, probed (how many), disabled and enabled (names),
/// suspect, interrupted, doubts, unfinished, and for each mirror name, verdict, rows,
/// requests, outcomes (counted by kind), freshness, lag (seconds) and integrity of the worst
/// suite or null, why (what its distribution does not put up with), kept (failed, but one of
/// the last of its country).
std::string report_json(const ProbeReport&);

/// A table, a mirror a line.
std::string report_text(const ProbeReport&, const Screen&);

}  // namespace mirrorwarden
