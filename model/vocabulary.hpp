#pragma once

#include <array>
#include <optional>
#include <string_view>

/// The closed word lists of the field. Each has one spelling, the same in the
/// catalogue, the database, JSON, the command line and the manual; `to_string`
/// gives it and `parse_…` reads it (exactly, but for `parse_speed`). Enumerator
/// values are what the database stores: never renumber.
namespace model {

/// A stage of a series' life; the archive spells it as a suffix of the series.
enum class Pocket { release = 0, security = 10, updates = 20, proposed = 30, backports = 40 };

/// Every pocket, by value.
inline constexpr std::array all_pockets = {Pocket::release, Pocket::security, Pocket::updates,
                                           Pocket::proposed, Pocket::backports};

std::string_view to_string(Pocket) noexcept;  // "RELEASE", "SECURITY", ...
std::optional<Pocket> parse_pocket(std::string_view) noexcept;
/// "" for RELEASE, otherwise "-security", "-updates", "-proposed", "-backports".
std::string_view pocket_suffix(Pocket) noexcept;

enum class SeriesStatus {
    experimental = 1,
    development = 2,
    frozen = 3,
    current = 4,
    supported = 5,
    obsolete = 6,
    future = 7
};
std::string_view to_string(SeriesStatus) noexcept;  // "EXPERIMENTAL", ...
std::optional<SeriesStatus> parse_series_status(std::string_view) noexcept;

/// What the admins of a distribution think of a mirror.
enum class ReviewStatus { pending_review = 10, unofficial = 20, official = 30, broken = 40 };
std::string_view to_string(ReviewStatus) noexcept;  // "PENDING_REVIEW", ...
std::optional<ReviewStatus> parse_review_status(std::string_view) noexcept;

/// What a mirror carries: packages, or CD images.
enum class Content { archive = 1, release = 2 };
std::string_view to_string(Content) noexcept;  // "ARCHIVE", "RELEASE"
std::optional<Content> parse_content(std::string_view) noexcept;

/// Only `published` counts for freshness.
enum class PublicationStatus {
    pending = 1,
    published = 2,
    superseded = 3,
    deleted = 4,
    obsolete = 5
};
std::string_view to_string(PublicationStatus) noexcept;  // "PENDING", ...
std::optional<PublicationStatus> parse_publication_status(std::string_view) noexcept;

enum class FileType { deb = 1, udeb = 2, ddeb = 3, dsc = 4 };
std::string_view to_string(FileType) noexcept;  // "DEB", ...
std::optional<FileType> parse_file_type(std::string_view) noexcept;

/// How freshness is judged; see model/freshness.hpp.
enum class FreshnessRule { window = 1, anchored = 2 };
std::string_view to_string(FreshnessRule) noexcept;  // "window", "anchored"
std::optional<FreshnessRule> parse_freshness_rule(std::string_view) noexcept;

/// How far behind a mirrored content row is. A lower value is fresher.
enum class Freshness {
    up = 1,
    one_hour_behind = 2,
    two_hours_behind = 3,
    six_hours_behind = 4,
    one_day_behind = 5,
    two_days_behind = 6,
    one_week_behind = 7,
    unknown = 8
};
std::string_view to_string(Freshness) noexcept;  // "UP", "ONEHOURBEHIND", ...
std::string_view title(Freshness) noexcept;      // "Up to date", "One hour behind", ...
std::optional<Freshness> parse_freshness(std::string_view) noexcept;

/// The bandwidth an owner declares; never measured. By value: kilobits a second.
enum class Speed {
    s128k = 128,
    s256k = 256,
    s512k = 512,
    s1m = 1'000,
    s2m = 2'000,
    s10m = 10'000,
    s45m = 45'000,
    s100m = 100'000,
    s1g = 1'000'000,
    s2g = 2'000'000,
    s4g = 4'000'000,
    s10g = 10'000'000,
    s20g = 20'000'000,
    s50g = 50'000'000,
    s100g = 100'000'000
};
std::string_view to_string(Speed) noexcept;  // "128K", "2M", "100G"
std::string_view title(Speed) noexcept;      // "128 Kbps", "2 Mbps", "100 Gbps"
std::optional<Speed> parse_speed(std::string_view) noexcept;

/// Who switched a mirror off. The prober undoes only what it did itself.
enum class DisabledBy { nobody = 0, prober = 1, admin = 2 };
std::string_view to_string(DisabledBy) noexcept;  // "nobody", "prober", "admin"
std::optional<DisabledBy> parse_disabled_by(std::string_view) noexcept;

}  // namespace model
