#pragma once

#include "model/bucket.hpp"
#include "model/catalog.hpp"
#include "model/freshness.hpp"
#include "model/observation.hpp"
#include "model/probe.hpp"
#include "model/snapshot.hpp"
#include "model/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// What is kept of all mirrors, in small pieces: for who reads it all at once.
namespace model {

/// Of these mirrors; of all where it is empty.
using MirrorChoice = std::optional<std::span<const MirrorId>>;

/// One probe as history keeps it. The last three are as they were after it.
struct PastProbe {
    MirrorId mirror{};
    ProbeId id{};
    Timestamp started;
    Timestamp finished;
    ProbeVerdict verdict = ProbeVerdict::passed;
    bool suspect = false;
    std::uint32_t expected = 0;
    std::uint32_t found = 0;
    Freshness freshness = Freshness::unknown;  // of all its rows, as `MirrorFreshness::overall`
    std::optional<Lag> lag;                    // the worst of its suites
    std::optional<Integrity> integrity;        // the same; empty: nothing was looked at
};

/// Buckets keep their number for ever.
struct NumberedBucket {
    std::int64_t number = 0;
    std::string distribution;
    Bucket bucket;

    friend bool operator==(const NumberedBucket&, const NumberedBucket&) = default;
};

/// A `ContentRow` whose bucket is named by its number.
struct PackedRow {
    MirrorId mirror{};
    std::int64_t bucket = 0;
    Freshness freshness = Freshness::unknown;

    friend bool operator==(const PackedRow&, const PackedRow&) = default;
};

/// A snapshot without its entries. Later ones have higher numbers.
struct NumberedSnapshot {
    std::int64_t number = 0;
    std::string distribution;
    Snapshot snapshot;
};

}  // namespace model
