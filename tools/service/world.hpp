#pragma once

#include "model/store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// One probe as history shows it.
struct HistoryPoint {
    model::Timestamp started;
    std::chrono::milliseconds duration{};
    model::ProbeVerdict verdict = model::ProbeVerdict::passed;
    bool suspect = false;
    model::Freshness freshness = model::Freshness::unknown;  // of the whole mirror, after it
    std::optional<model::Lag> lag;                           // the worst of its suites
    std::optional<model::Integrity> integrity;               // the worst of its suites
    std::uint32_t expected = 0;
    std::uint32_t found = 0;
};

/// Everything that can be asked about one mirror without asking the database.
struct MirrorFacts {
    model::StoredMirror mirror;
    std::optional<model::StoredProbe> last_probe;
    model::MirrorFreshness freshness;
    model::Observation observation;         // of the last probe; may be empty
    std::vector<model::ImageRow> images;    //
    std::vector<HistoryPoint> history;      // oldest first, of the last 366 days
    std::vector<model::AuditEntry> events;  // oldest first
    /// Freshness by place in `World::buckets` of its distribution; 0: no such row.
    std::vector<std::uint8_t> rows;
};

/// All that the service shows, read from the database at one moment. Never changed once made:
/// handlers on any thread read it, and a new one takes its place.
struct World {
    model::Timestamp read_at;                                   // when the database said so
    std::uint64_t version = 0;                                  // grows with each change
    std::vector<model::Distribution> distributions;             // by name
    std::map<std::string, std::vector<model::Bucket>> buckets;  // of each distribution, in order
    std::vector<std::shared_ptr<const MirrorFacts>> mirrors;    // by name
    /// Newest first, without entries; by distribution, then suite.
    std::map<std::string, std::map<std::string, std::vector<model::Snapshot>>> snapshots;
};

/// By name; nullptr if there is none. Lives as long as the world.
const MirrorFacts* find_mirror(const World&, std::string_view name) noexcept;
const model::Distribution* find_distribution(const World&, std::string_view name) noexcept;

/// Reads what changed since `before` was read (nullptr: everything), in a number of queries
/// that does not grow with the mirrors that did not change. Throws `model::StorageError`.
std::shared_ptr<const World> read_world(model::Store&, model::Timestamp now, const World* before);

}  // namespace service
