#pragma once

#include "model/sha256.hpp"
#include "model/text_fault.hpp"
#include "model/timestamp.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// One file that a Release names in its SHA256 section, or, where it has none, in SHA512.
struct ReleaseEntry {
    std::string path;  // below the suite's folder: "main/binary-amd64/Packages.gz"
    std::uint64_t size = 0;
    Sha256 sha256;  // zeros where the Release has none

    friend bool operator==(const ReleaseEntry&, const ReleaseEntry&) = default;
};

/// What a suite says of itself. Source: "Debian Repository Format", "Release" files.
struct Release {
    std::string origin;
    std::string label;
    std::string suite;
    std::string codename;
    std::string version;
    Timestamp date;
    std::optional<Timestamp> valid_until;
    std::vector<std::string> architectures;  // the file's order; without "all" and "source"
    std::vector<std::string> components;     // the file's order, without a "updates/" before them
    bool acquire_by_hash = false;            // by SHA-256
    bool has_sha256 = true;  // false: SHA-512 alone, and the entries' sizes are all we know
    std::vector<ReleaseEntry> entries;  // by path, no doubles

    friend bool operator==(const Release&, const Release&) = default;
};

/// Reads the text of a Release file (of an InRelease: what was signed): one stanza with a Date
/// and a SHA256 or SHA512 section, which apt trusts both, of at most 16 MiB. Refuses paths that
/// lead out of the suite's folder, a path with two different contents, and dates that apt would
/// refuse.
boost::system::result<Release, TextFault> parse_release(std::string_view text);

/// Null if the Release does not name it.
const ReleaseEntry* find_entry(const Release&, std::string_view path) noexcept;

}  // namespace model
