#pragma once

#include "model/release_file.hpp"
#include "model/sha256.hpp"
#include "model/timestamp.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace model {

/// Whose a suite is, as its Release says.
struct ReleaseNames {
    std::string origin;  // each may be empty: the Release has none
    std::string codename;
    std::string suite;  // "stable"; not the folder

    friend bool operator==(const ReleaseNames&, const ReleaseNames&) = default;
};

/// One state of a suite that the primary archive published.
struct Snapshot {
    std::string suite;   // the folder below dists/: "bookworm-updates"
    Sha256 sha256;       // of the InRelease file, or of the Release file where there is no other
    Sha256 text_sha256;  // of the signed text: the same whichever of the two forms a mirror has
    Timestamp date;      // the Release's own: when the primary published it
    std::optional<Timestamp> valid_until;
    Timestamp first_seen;
    std::vector<ReleaseEntry> entries;  // the indexes that it names; may be left out of listings
    /// Left out with the entries; and where it was stored by a version that kept none.
    std::optional<ReleaseNames> names = {};

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

/// How far a mirror's suite is behind the primary.
struct Lag {
    std::chrono::seconds behind{0};  // 0: it has the newest snapshot
    bool is_estimated = false;       // its Release was never seen here: judged by the Date in it
};

/// Seconds since the primary published the first snapshot that the mirror lacks. `known`: all
/// snapshots of the suite, in any order. Empty where nothing is known of the suite.
std::optional<Lag> find_lag(std::span<const Snapshot> known, const Sha256& text_sha256,
                            Timestamp release_date, Timestamp now);

}  // namespace model
