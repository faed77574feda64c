#pragma once

#include "model/catalog.hpp"
#include "model/observation.hpp"
#include "model/outbox.hpp"
#include "model/probe.hpp"
#include "model/watched_state.hpp"

#include <string>
#include <vector>

namespace model {

/// What a mail about a probe is written from.
struct NoticeFacts {
    Mirror mirror;
    Distribution distribution;
    ProbeRecord record;
    std::string log_head;               // the log's first 20 lines
    std::string identity;               // makes Message-IDs: unique for one decision, [A-Za-z0-9.-]
    std::string id_host;                // right side of the Message-ID
    std::vector<std::string> why = {};  // of the policy; empty: the rules of old
    std::vector<Finding> findings = {};  // worst first; the first few that are not good are told
    /// Where owners may ask for a probe and begin a maintenance without an account; empty: there
    /// is no such page. Told to owners alone.
    std::string owner_link = {};
};

// One message per owner's address, and one per admin of the distribution, each
// address once. They say which mirror and distribution, what was looked for and
// what came back, the log's first lines, what to check, where the full log is
// (`mirrorwarden log NAME`), and that the mirror returns by itself after a good probe.
// Subjects are one line whatever the names hold.

std::vector<Message> disabled_by_prober_notice(const NoticeFacts&);
std::vector<Message> enabled_by_prober_notice(const NoticeFacts&);

/// To the owners alone: a state has begun, or ended, that does not disable the mirror.
std::vector<Message> state_notice(const NoticeFacts&, StateChange);

/// To the admins alone: the mirror has failed and stays on, being one of the last
/// `never_below` of its country.
std::vector<Message> kept_notice(const NoticeFacts&);

/// An admin switched it off: `reason` is quoted; it does not return by itself.
std::vector<Message> disabled_by_admin_notice(const NoticeFacts&, const std::string& reason);

/// The prober doubts a run: to the admins only, with `reason` and the mirrors
/// that failed.
std::vector<Message> doubtful_run_notice(const Distribution&, const std::string& reason,
                                         const std::vector<std::string>& mirrors,
                                         const std::string& identity, const std::string& id_host);

}  // namespace model
