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
    model::ProbeId probe{};
    model::Timestamp started;
    std::chrono::milliseconds duration{};
    std::optional<model::Lag> lag;              // the worst of its suites
    std::optional<model::Integrity> integrity;  // the same; empty: nothing was looked at
    std::uint32_t expected = 0;
    std::uint32_t found = 0;
    model::ProbeVerdict verdict = model::ProbeVerdict::passed;
    model::Freshness freshness = model::Freshness::unknown;  // of the whole mirror, after it
    bool suspect = false;
};

/// Everything that can be asked about one mirror without asking the database.
struct MirrorFacts {
    model::StoredMirror mirror;
    std::optional<model::StoredProbe> last_probe;
    model::MirrorFreshness freshness;
    /// Of the last probe; may be empty. Without what only the next probe needs: validators
    /// and turns.
    model::Observation observation;
    std::vector<model::ImageRow> images;    // in the catalogue's order
    std::vector<HistoryPoint> history;      // oldest first, of the last 366 days
    std::vector<model::AuditEntry> events;  // oldest first
    /// Freshness by place in `World::buckets` of its distribution; 0: no such row.
    std::vector<std::uint8_t> rows;
    std::optional<model::MirrorSync> sync;  // as its owner's script said; empty: it says nothing
    std::string overview_json;              // as lists of the API have it; empty: not made yet
};

/// All that the service shows, read from the database at one moment. Never changed once made:
/// handlers on any thread read it, and a new one takes its place.
struct World {
    model::Timestamp read_at;                                   // when the database said so
    std::uint64_t version = 0;                                  // grows with each change
    std::vector<model::Distribution> distributions;             // by name
    std::map<std::string, std::vector<model::Bucket>> buckets;  // of each distribution, in order
    std::vector<std::shared_ptr<const MirrorFacts>> mirrors;    // by name
    /// Newest first, the newest hundred, without entries; by distribution, then suite.
    std::map<std::string, std::map<std::string, std::vector<model::Snapshot>>> snapshots;

    /// Of each job and host the newest success; by name, then host.
    std::vector<model::ScriptActivity> scripts;

    /// The highest numbers that were read, for the next reading.
    struct Marks {
        model::ProbeId probe{};
        std::int64_t change = 0;
        std::int64_t snapshot = 0;
    };
    Marks marks;
};

/// By name; nullptr if there is none. Lives as long as the world.
const MirrorFacts* find_mirror(const World&, std::string_view name) noexcept;
const model::Distribution* find_distribution(const World&, std::string_view name) noexcept;

/// The mirror's rows in the catalogue's order.
std::vector<model::ContentRow> content_rows(const World&, const MirrorFacts&);

/// Reads what changed since `before` was read (nullptr: everything), in a number of queries
/// that does not grow with the mirrors that did not change; those share their facts with
/// `before`. A mirror's rows are read again when its newest probe is another one. Throws
/// `model::StorageError`.
std::shared_ptr<const World> read_world(model::Store&, model::Timestamp now, const World* before);

}  // namespace service
