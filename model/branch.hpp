#pragma once

#include "model/timestamp.hpp"

#include <boost/system/result.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace model {

/// Where a branch's text comes from. Enumerator values are what the database stores.
enum class BranchType {
    hosted = 1,    // pushed to us
    mirrored = 2,  // lives elsewhere, we pull
    imported = 3,  // made by an importer
    remote = 4,    // only registered: never pulled
};
std::string_view to_string(BranchType) noexcept;  // "HOSTED", "MIRRORED", "IMPORTED", "REMOTE"
std::optional<BranchType> parse_branch_type(std::string_view) noexcept;

/// What a worker that names no types is given.
inline constexpr std::array pulled_types = {BranchType::mirrored, BranchType::imported};

/// One that was begun and not yet reported on.
struct MirrorAttempt {
    std::string token;    // of whoever acquired the branch; empty: it was started by its number
    std::string worker;   // who began it; a report without a token must come from the same
    Timestamp lease_end;  // who has not reported by then will not

    friend bool operator==(const MirrorAttempt&, const MirrorAttempt&) = default;
};

/// What its mirroring has come to. Times are UTC; all empty at first.
struct BranchMirroring {
    /// When the newest attempt started.
    std::optional<Timestamp> last_mirror_attempt = std::nullopt;
    /// When the newest that was complete started.
    std::optional<Timestamp> last_mirrored = std::nullopt;
    std::string last_mirrored_id = {};       // its revision; empty: never
    int mirror_failures = 0;                 // since the newest that was complete
    std::string mirror_status_message = {};  // of the newest failure; empty: none since
    /// Empty: not until someone asks.
    std::optional<Timestamp> next_mirror_time = std::nullopt;
    std::optional<MirrorAttempt> attempt = std::nullopt;

    friend bool operator==(const BranchMirroring&, const BranchMirroring&) = default;
};

enum class BranchId : std::int64_t {};

constexpr std::int64_t to_integer(BranchId id) noexcept {
    return static_cast<std::int64_t>(id);
}

struct Branch {
    BranchId id{};
    std::string name;  // unique
    std::string url;
    BranchType type = BranchType::mirrored;
    BranchMirroring mirroring = {};

    friend bool operator==(const Branch&, const Branch&) = default;
};

/// Who reports, and on which attempt.
struct MirrorReport {
    std::string worker;
    std::string token;  // empty: none was given out, or the worker does not keep it
    Timestamp when;
};

/// Why a call was refused; nothing was changed.
struct BranchRefusal {
    enum class Kind {
        not_mirrored,   // REMOTE: there is nothing to report
        not_started,    // complete or failed without a start
        stale_attempt,  // of an attempt that is over: its lease ended, or another began
    };
    Kind kind{};
    std::string detail;  // a whole sentence that names the branch
};

using BranchResult = boost::system::result<BranchMirroring, BranchRefusal>;

/// How long a worker may be silent unless the admin says otherwise.
inline constexpr std::chrono::seconds default_lease = std::chrono::hours(1);
inline constexpr std::chrono::seconds mirror_interval = std::chrono::hours(6);
/// After so many failures nobody tries until someone asks.
inline constexpr int mirror_failures_max = 5;
/// No pause is so long: a time further ahead was written while the clock was.
inline constexpr std::chrono::seconds mirror_pause_beyond =
    mirror_interval * (1 << (mirror_failures_max - 1));

// What each call makes of a branch.

/// An attempt begins; what was known of earlier ones stays. One that was under way is over.
BranchResult start_mirroring(const Branch&, const MirrorReport&, std::chrono::seconds lease);
/// `last_mirrored` becomes when the attempt started. MIRRORED: again in `mirror_interval`, unless
/// somebody asked meanwhile.
BranchResult complete_mirroring(const Branch&, const MirrorReport&, const std::string& revision);
/// MIRRORED: again in `mirror_interval`, twice as long with each failure after the first; at
/// `mirror_failures_max` not at all. Whoever asked meanwhile is not forgotten.
BranchResult fail_mirroring(const Branch&, const MirrorReport&, const std::string& reason);
/// Now, never later than it was.
BranchResult request_mirroring(const Branch&, Timestamp now);
/// A failure, when the attempt's lease ended before `now`; empty: nothing is to be done.
std::optional<BranchMirroring> end_lease(const Branch&, Timestamp now);

/// It is not under way, of one of the types, and its time has come, or is `mirror_pause_beyond`
/// ahead. REMOTE never is.
bool is_due(const Branch&, std::span<const BranchType>, Timestamp now) noexcept;

/// A worker's words as they are kept: one line of UTF-8, of 1,000 bytes at most; what was
/// cut ends in "…".
std::string kept_reason(std::string_view);

}  // namespace model
