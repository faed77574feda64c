#pragma once

#include "model/store.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

/// The program's JSON is a contract: keys are never renamed or left out, what is
/// not known is null, times are RFC 3339 in UTC, words are the vocabulary's.
namespace json {

/// A mirror as lists show it.
struct MirrorLine {
    model::MirrorOverview overview;
    model::Observation observation;  // of the last probe; may be empty
};

/// All that is known of one mirror.
struct MirrorDetails {
    model::MirrorOverview overview;
    model::Observation observation;              // of the last probe; may be empty
    model::Timestamp now;                        // for the days that a certificate has left
    std::optional<model::MirrorSync> sync = {};  // as its owner's script said; may be empty
    std::vector<model::ContentRow> rows;
    std::vector<model::ImageRow> images;
    std::vector<model::StoredProbe> probes;  // newest first
    std::vector<model::AuditEntry> audit;    // oldest first
};

/// A mirror as in `mirror list --json`: nothing that only its owner and the admins
/// should know.
nlohmann::ordered_json overview_json(const MirrorLine&);

/// An observation as the database keeps it (model/observation.hpp), with the days that the
/// certificate has left and the worst severity.
nlohmann::ordered_json observation_json(const model::Observation&, model::Timestamp now);

/// The same and the rest, as in `mirror show --json`.
nlohmann::ordered_json details_json(const MirrorDetails&);

/// `details_json` for everybody: without owners, whiteboard, probes and audit.
nlohmann::ordered_json public_details_json(const MirrorDetails&);

/// One probe, as in `log --list --json`.
nlohmann::ordered_json probe_json(const model::StoredProbe&);

/// One mail, as in `outbox list --json`.
nlohmann::ordered_json outbox_json(const model::OutboxEntry&);

/// A distribution, as in `catalog show --json`, with the names of its mirrors.
nlohmann::ordered_json distribution_json(const model::Distribution&,
                                         const std::vector<std::string>& mirrors);

/// The same for everybody: without admins and keyring.
nlohmann::ordered_json public_distribution_json(const model::Distribution&,
                                                const std::vector<std::string>& mirrors);

/// As it is printed: indented by two, a newline at the end; what is not UTF-8
/// becomes U+FFFD.
std::string print_json(const nlohmann::ordered_json&);

}  // namespace json
