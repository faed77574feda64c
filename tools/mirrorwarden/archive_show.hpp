#pragma once

#include "model/store.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mirrorwarden {

/// What is known of one suite of a primary archive.
struct KnownSuite {
    std::string suite;
    std::optional<model::Snapshot> newest;    // without entries; empty: never read
    std::size_t snapshots = 0;                // that are kept
    std::optional<model::Timestamp> checked;  // when the archive was last asked with success
};

struct KnownArchive {
    std::string distribution;
    std::string primary_url;  // may be empty
    std::string keyring;      // may be empty
    std::vector<KnownSuite> suites;
};

std::vector<KnownArchive> known_archives(model::Store&, const std::vector<model::Distribution>&);

std::string archives_text(const std::vector<KnownArchive>&, const Screen&);
std::string archives_json(const std::vector<KnownArchive>&);

}  // namespace mirrorwarden
