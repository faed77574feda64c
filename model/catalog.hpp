#pragma once

#include "model/timestamp.hpp"
#include "model/vocabulary.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace model {

/// A mirror's key in storage. Its own type, so that it cannot be mistaken for a
/// count or for another table's key.
enum class MirrorId : std::int64_t {};

constexpr std::int64_t to_integer(MirrorId id) noexcept {
    return static_cast<std::int64_t>(id);
}

/// Somebody who gets mail. `name` is UTF-8 and may be empty.
struct MailAddress {
    std::string name;
    std::string address;  // "foo.bar@canonical.com"

    friend auto operator<=>(const MailAddress&, const MailAddress&) = default;
};

/// One set of CD images that a RELEASE mirror should carry whole.
struct ImageSet {
    std::string flavour;                    // "ubuntu", "kubuntu"
    std::vector<std::string> files;         // paths below the base URL, no leading slash
    std::vector<std::uint64_t> sizes = {};  // of each file, in bytes; empty: nobody says

    friend bool operator==(const ImageSet&, const ImageSet&) = default;
};

struct Series {
    std::string name;     // "hoary"
    std::string version;  // "5.04"; orders the series, as Debian versions do
    SeriesStatus status = SeriesStatus::supported;
    std::vector<std::string> components;                // catalogue order
    std::vector<std::string> architectures;             // catalogue order, official ones
    std::vector<std::string> unofficial_architectures;  // catalogue order
    std::vector<ImageSet> images;

    friend bool operator==(const Series&, const Series&) = default;
};

struct Distribution {
    std::string name;         // "ubuntu"; [a-z0-9][a-z0-9+.-]*
    std::string title;        // "Ubuntu"
    std::string primary_url;  // normalised base URL of the primary archive; may be empty
    FreshnessRule freshness_rule = FreshnessRule::window;
    std::vector<Pocket> pockets;  // by value, no doubles
    std::vector<MailAddress> admins;
    std::string keyring;                                     // a file of gpgv's; may be empty
    std::chrono::seconds sync_grace{std::chrono::hours{6}};  // torn for longer is broken
    std::vector<std::string> disable_when;  // "no-content", "lag>7d"; empty: the usual rules
    int failures_before_disable = 1;        // at least 1
    int successes_before_enable = 1;        // at least 1
    int never_below = 0;         // this many enabled mirrors of a country are left enabled
    int deep_every = 0;          // every how many probes of a mirror one is deep; 0: none is
    std::string manifest;        // of CD images: a URL, or the path of a file; may be empty
    std::vector<Series> series;  // newest version first

    friend bool operator==(const Distribution&, const Distribution&) = default;
};

/// What is said about a mirror by people: its owner and the admins.
struct Mirror {
    std::string name;  // unique, [a-z0-9][a-z0-9+.-]*
    std::string display_name;
    std::string description;
    std::string distribution;
    std::vector<MailAddress> owners;  // a team may be the owner
    std::string country;              // ISO 3166-1 alpha-2, "BR"
    Speed speed = Speed::s2m;
    Content content = Content::archive;
    std::string http_url;  // normalised base URLs, each empty or ending in a slash
    std::string https_url;
    std::string ftp_url;
    std::string rsync_url;
    bool official_candidate = false;  // the owner's wish
    ReviewStatus status = ReviewStatus::pending_review;
    std::string whiteboard;  // the admins' notes, never public

    friend bool operator==(const Mirror&, const Mirror&) = default;
};

/// What happened to a mirror: the part that the program decides and keeps.
struct MirrorState {
    MirrorId id{};
    bool enabled = true;  // "passed its last probe", or nobody has looked yet
    DisabledBy disabled_by = DisabledBy::nobody;
    std::string disabled_reason;
    Timestamp created_at;
    std::optional<Timestamp> maintenance_until = std::nullopt;  // may have passed

    friend bool operator==(const MirrorState&, const MirrorState&) = default;
};

struct StoredMirror {
    Mirror mirror;
    MirrorState state;

    friend bool operator==(const StoredMirror&, const StoredMirror&) = default;
};

/// Candidate by the owner's wish and OFFICIAL by review.
bool is_official(const Mirror&) noexcept;

/// The base URL that is probed: https if there is one, else http, else ftp,
/// else empty: such a mirror is skipped with a warning.
const std::string& probe_url(const Mirror&) noexcept;

/// A whole catalogue file: what `catalog load` adds or updates.
struct Catalog {
    struct Entry {
        Mirror mirror;
        std::optional<bool> enabled;  // only where the file says so
        int line = 0;                 // of its [[mirror]], from 1
    };

    std::vector<Distribution> distributions;
    std::vector<Entry> mirrors;
};

}  // namespace model
