#pragma once

#include "model/decision.hpp"
#include "model/policy.hpp"
#include "model/store.hpp"
#include "prober/primary_check.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mirrorwarden {

/// A mirror whose probe came to an end and was stored.
struct ProbedMirror {
    model::StoredMirror mirror;  // as it was when it was chosen
    model::ProbeId probe{};
    model::ProbeRecord record;
    model::MirrorFreshness freshness;
    std::size_t rows = 0;                            // content rows, or whole image sets
    std::optional<model::Lag> lag = {};              // of its worst suite, where that is known
    std::optional<model::Integrity> integrity = {};  // the same; empty: no suite was looked at
    model::Observation watched = {};                 // `model::watched_part` of what it learnt
    model::PolicyVerdict judged = {};                // by the policy of its distribution
    model::Change change = model::Change::none;      // what the results ask for, doubts aside
    bool is_kept = false;  // would have been disabled, but is one of the last of its country
    bool is_news = true;   // of that: it was not kept for the same reason before
};

using Distributions = std::map<std::string, model::Distribution>;  // by name

/// What is still needed of a result that was stored: nothing that grows with the mirror's
/// suites or rows.
ProbedMirror sum_up(const Distributions&, model::StoredMirror, model::ProbeId, model::ProbeResult);

/// Fills in `change` of all of them.
void propose_changes(model::Store&, const Distributions&, std::span<ProbedMirror>);

/// What makes a run doubt itself about a distribution: nothing is decided for it then.
struct Doubt {
    std::string distribution;
    std::string reason;  // a sentence without a full stop
};

/// Doubts that come from the number of enabled mirrors that failed, in the whole run or in
/// one distribution, or from there being no name that could be resolved in all of the run.
std::vector<Doubt> doubt_numbers(std::span<const ProbedMirror>);

/// The distributions whose primary archive has to be asked before failures are believed:
/// those with one, where an enabled mirror failed, and that are not doubted already.
std::vector<std::string> primaries_to_ask(const Distributions&, std::span<const ProbedMirror>,
                                          std::span<const Doubt>);

/// The doubt that a primary archive's answer raises, if any.
std::vector<Doubt> doubt_primary(const model::Distribution&, prober::PrimaryAnswer);

/// Takes back what would leave a country with fewer enabled mirrors than its distribution
/// puts up with, save where nothing is decided anyway. After the doubts: these look at what
/// the results ask for.
void keep_last_mirrors(model::Store&, const Distributions&, std::span<ProbedMirror>,
                       std::span<const Doubt>);

struct DecisionOptions {
    bool notify_owners = true;  // false: only the admins of a distribution are told
    std::string id_host;        // of Message-IDs
    model::Timestamp when;
    /// The page of a mirror's owners, for their mails; may be empty: they have none then.
    std::function<std::string(const std::string& mirror)> owner_link = {};
};

/// A decision for each of the mirrors: the change that was proposed, or where its
/// distribution is doubted none, marked suspect; the distribution's admins are told
/// of that once. Mails go with the decision that they tell of. Owners are told of states
/// that do not disable a mirror (model/watched_state.hpp), the admins of mirrors that are
/// kept; nobody of a mirror in maintenance.
std::vector<model::Decision> decide_mirrors(model::Store&, const Distributions&,
                                            std::span<const ProbedMirror>, std::span<const Doubt>,
                                            const DecisionOptions&);

}  // namespace mirrorwarden
