#include "model/freshness.hpp"

#include <algorithm>
#include <array>

namespace model {
namespace {

/// How long ago a publication may be for a value.
struct Limit {
    Freshness freshness;
    std::chrono::minutes age;
};

/// Source: the table of freshness values; freshest first.
constexpr std::array limits = {
    Limit{Freshness::up, std::chrono::minutes{30}},
    Limit{Freshness::one_hour_behind, std::chrono::minutes{90}},
    Limit{Freshness::two_hours_behind, std::chrono::minutes{150}},
    Limit{Freshness::six_hours_behind, std::chrono::minutes{6 * 60 + 30}},
    Limit{Freshness::one_day_behind, std::chrono::minutes{24 * 60 + 30}},
    Limit{Freshness::two_days_behind, std::chrono::minutes{48 * 60 + 30}},
    Limit{Freshness::one_week_behind, freshness_horizon},
};

struct Dated {
    Timestamp published;
    const Publication* publication = nullptr;
};

bool counts(const Publication& publication, const Bucket& bucket) {
    const FileType wanted = bucket.is_source() ? FileType::dsc : FileType::deb;
    return publication.status == PublicationStatus::published && publication.published &&
           publication.file_type == wanted && !publication.file.empty() &&
           publication.bucket == bucket;
}

/// Those that count, oldest first. Of those of one moment the whole content
/// decides, so that the choice does not hang on the order of a database.
std::vector<Dated> history(const Bucket& bucket, std::span<const Publication> publications) {
    std::vector<Dated> dated;
    for (const Publication& publication : publications) {
        if (counts(publication, bucket)) {
            dated.push_back({.published = *publication.published, .publication = &publication});
        }
    }
    std::ranges::sort(dated, [](const Dated& left, const Dated& right) {
        return left.published != right.published ? left.published < right.published
                                                 : *left.publication < *right.publication;
    });
    return dated;
}

FreshnessCheck check(Freshness freshness, const Dated& dated) {
    return {.freshness = freshness, .path = pool_path(*dated.publication)};
}

/// From `start`, which belongs to it, to `end`, which may or may not.
enum class End { within, outside };
struct Window {
    Freshness freshness;
    Timestamp start;
    Timestamp end;
    End end_is;
};

/// Adds the newest publication in the window, if there is one.
void append_newest(std::vector<FreshnessCheck>& checks, std::span<const Dated> dated,
                   const Window& window) {
    const auto after = window.end_is == End::within
                           ? std::ranges::upper_bound(dated, window.end, {}, &Dated::published)
                           : std::ranges::lower_bound(dated, window.end, {}, &Dated::published);
    if (after != dated.begin() && std::prev(after)->published >= window.start) {
        checks.push_back(check(window.freshness, *std::prev(after)));
    }
}

std::vector<FreshnessCheck> window_checks(std::span<const Dated> dated, Timestamp when) {
    if (dated.back().published <= when - freshness_horizon) {
        return {check(Freshness::up, dated.back())};
    }
    std::vector<FreshnessCheck> checks;
    std::chrono::minutes previous{0};
    for (const auto& [freshness, age] : limits) {
        append_newest(checks, dated,
                      {.freshness = freshness,
                       .start = when - age,
                       .end = when - previous,
                       .end_is = End::within});
        previous = age;
    }
    return checks;
}

std::vector<FreshnessCheck> anchored_checks(std::span<const Dated> dated, Timestamp when) {
    const auto after = std::ranges::lower_bound(dated, when, {}, &Dated::published);
    if (after == dated.begin()) {
        return {};
    }
    const Dated& newest = *std::prev(after);
    std::vector<FreshnessCheck> checks = {check(Freshness::up, newest)};
    std::chrono::minutes previous = limits.front().age;
    for (const auto& [freshness, age] : std::span{limits}.subspan(1)) {
        // Ends at the newest publication at the latest, for that one is UP already.
        append_newest(checks, dated,
                      {.freshness = freshness,
                       .start = when - age,
                       .end = std::min(when - previous, newest.published),
                       .end_is = End::outside});
        previous = age;
    }
    return checks;
}

/// UNKNOWN says nothing beside another value.
Freshness worse(Freshness left, Freshness right) noexcept {
    if (left == Freshness::unknown || right == Freshness::unknown) {
        return std::min(left, right);
    }
    return std::max(left, right);
}

}  // namespace

std::vector<FreshnessCheck> freshness_checks(FreshnessRule rule, const Bucket& bucket,
                                             std::span<const Publication> publications,
                                             Timestamp when) {
    const std::vector<Dated> dated = history(bucket, publications);
    if (dated.empty()) {
        return {};
    }
    switch (rule) {
    case FreshnessRule::window: return window_checks(dated, when);
    case FreshnessRule::anchored: return anchored_checks(dated, when);
    }
    return {};
}

MirrorFreshness mirror_freshness(std::span<const ContentRow> rows) noexcept {
    MirrorFreshness worst;
    for (const auto& [bucket, freshness] : rows) {
        Freshness& kind = bucket.is_source() ? worst.source : worst.architecture;
        kind = worse(kind, freshness);
    }
    worst.overall = worse(worst.source, worst.architecture);
    return worst;
}

}  // namespace model
