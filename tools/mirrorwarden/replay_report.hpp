#pragma once

#include "model/policy_replay.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace mirrorwarden {

/// What `policy replay` made of one distribution.
struct ReplayReport {
    std::string distribution;
    model::Timestamp since;
    model::Timestamp until;
    model::Policy policy;
    model::ReplayResult result;
};

/// A summary, a table of the mirrors that would have fared otherwise, and what would have
/// happened to these, when and why, beside what did.
std::string replay_text(const ReplayReport&, const Screen&);

/// One object: distribution, since, until, policy, probes, doubtful_runs, and for each
/// mirror name, probes, differs, kept, and was and would_be: enabled (at the end),
/// off_seconds, changes (when, enabled, by_admin, why).
nlohmann::ordered_json replay_json(const ReplayReport&);

}  // namespace mirrorwarden
