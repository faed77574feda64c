#pragma once

#include "model/publication.hpp"
#include "model/timestamp.hpp"
#include "model/vocabulary.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace model {

/// One row of what a mirror has: the bucket's index was there at the last probe.
struct ContentRow {
    Bucket bucket;
    Freshness freshness = Freshness::unknown;

    friend auto operator<=>(const ContentRow&, const ContentRow&) = default;
};

/// A CD image set that was whole at the last probe.
struct ImageRow {
    std::string series;
    std::string flavour;

    friend auto operator<=>(const ImageRow&, const ImageRow&) = default;
};

/// A freshness value, and the path below the base URL that proves it.
struct FreshnessCheck {
    Freshness freshness = Freshness::unknown;
    std::string path;

    friend auto operator<=>(const FreshnessCheck&, const FreshnessCheck&) = default;
};

/// How old a publication may be and still decide: 168.5 hours.
inline constexpr std::chrono::minutes freshness_horizon{168 * 60 + 30};

/// Which files tell how fresh a bucket is, in the order of freshness.
///
/// `publications` may be in any order and may hold what does not count: only
/// those of exactly `bucket` that are PUBLISHED with a time and a file, DEB for
/// binaries and DSC for sources, are looked at. It is enough to pass those since
/// `when - freshness_horizon` and the newest one before that.
///
/// `FreshnessRule::window`: if nothing is strictly newer than `when` - 168.5 h,
/// UP maps to the newest of all, or to nothing when there is none. Otherwise each
/// limit's window [when - limit, when - previous limit], closed at both ends, maps
/// to the newest publication in it.
/// `FreshnessRule::anchored`: UP maps to the newest publication before `when`.
/// Older windows are half-open [start, end) and end where that newest publication
/// is at the latest; a window wholly after it is skipped.
std::vector<FreshnessCheck> freshness_checks(FreshnessRule, const Bucket& bucket,
                                             std::span<const Publication> publications,
                                             Timestamp when);

/// A mirror's freshness: the worst of its rows, UNKNOWN left out; UNKNOWN when
/// nothing else is there. Serves architectures, sources, and both together.
struct MirrorFreshness {
    Freshness source = Freshness::unknown;
    Freshness architecture = Freshness::unknown;
    Freshness overall = Freshness::unknown;

    friend auto operator<=>(const MirrorFreshness&, const MirrorFreshness&) = default;
};
MirrorFreshness mirror_freshness(std::span<const ContentRow> rows) noexcept;

}  // namespace model
