#include "model/vocabulary.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace model {
namespace {

/// An enumerator, the one spelling of it, and, where people see another text than
/// that, its title.
template <class Enum>
struct Word {
    Enum value{};
    std::string_view name;
    std::string_view title;
};

template <class Enum, std::size_t Size>
using Words = std::array<Word<Enum>, Size>;

template <class Enum, std::size_t Size>
const Word<Enum>& word_of(const Words<Enum, Size>& words, Enum value) noexcept {
    const auto found = std::find_if(words.begin(), words.end(),
                                    [value](const auto& word) { return word.value == value; });
    assert(found != words.end());  // an enumerator without a row, or a cast from a wrong number
    return *found;
}

template <class Enum, std::size_t Size>
std::optional<Enum> parse(const Words<Enum, Size>& words, std::string_view name) noexcept {
    const auto found = std::find_if(words.begin(), words.end(),
                                    [name](const auto& word) { return word.name == name; });
    return found == words.end() ? std::nullopt : std::optional{found->value};
}

constexpr Words<Pocket, 5> pockets = {{
    {Pocket::release, "RELEASE", ""},
    {Pocket::security, "SECURITY", "-security"},
    {Pocket::updates, "UPDATES", "-updates"},
    {Pocket::proposed, "PROPOSED", "-proposed"},
    {Pocket::backports, "BACKPORTS", "-backports"},
}};

constexpr Words<SeriesStatus, 7> series_statuses = {{
    {SeriesStatus::experimental, "EXPERIMENTAL", ""},
    {SeriesStatus::development, "DEVELOPMENT", ""},
    {SeriesStatus::frozen, "FROZEN", ""},
    {SeriesStatus::current, "CURRENT", ""},
    {SeriesStatus::supported, "SUPPORTED", ""},
    {SeriesStatus::obsolete, "OBSOLETE", ""},
    {SeriesStatus::future, "FUTURE", ""},
}};

constexpr Words<ReviewStatus, 4> review_statuses = {{
    {ReviewStatus::pending_review, "PENDING_REVIEW", ""},
    {ReviewStatus::unofficial, "UNOFFICIAL", ""},
    {ReviewStatus::official, "OFFICIAL", ""},
    {ReviewStatus::broken, "BROKEN", ""},
}};

constexpr Words<Content, 2> contents = {{
    {Content::archive, "ARCHIVE", ""},
    {Content::release, "RELEASE", ""},
}};

constexpr Words<PublicationStatus, 5> publication_statuses = {{
    {PublicationStatus::pending, "PENDING", ""},
    {PublicationStatus::published, "PUBLISHED", ""},
    {PublicationStatus::superseded, "SUPERSEDED", ""},
    {PublicationStatus::deleted, "DELETED", ""},
    {PublicationStatus::obsolete, "OBSOLETE", ""},
}};

constexpr Words<FileType, 4> file_types = {{
    {FileType::deb, "DEB", ""},
    {FileType::udeb, "UDEB", ""},
    {FileType::ddeb, "DDEB", ""},
    {FileType::dsc, "DSC", ""},
}};

constexpr Words<FreshnessRule, 2> freshness_rules = {{
    {FreshnessRule::window, "window", ""},
    {FreshnessRule::anchored, "anchored", ""},
}};

constexpr Words<Freshness, 8> freshnesses = {{
    {Freshness::up, "UP", "Up to date"},
    {Freshness::one_hour_behind, "ONEHOURBEHIND", "One hour behind"},
    {Freshness::two_hours_behind, "TWOHOURSBEHIND", "Two hours behind"},
    {Freshness::six_hours_behind, "SIXHOURSBEHIND", "Six hours behind"},
    {Freshness::one_day_behind, "ONEDAYBEHIND", "One day behind"},
    {Freshness::two_days_behind, "TWODAYSBEHIND", "Two days behind"},
    {Freshness::one_week_behind, "ONEWEEKBEHIND", "One week behind"},
    {Freshness::unknown, "UNKNOWN", "Last update unknown"},
}};

constexpr Words<Speed, 15> speeds = {{
    {Speed::s128k, "128K", "128 Kbps"},
    {Speed::s256k, "256K", "256 Kbps"},
    {Speed::s512k, "512K", "512 Kbps"},
    {Speed::s1m, "1M", "1 Mbps"},
    {Speed::s2m, "2M", "2 Mbps"},
    {Speed::s10m, "10M", "10 Mbps"},
    {Speed::s45m, "45M", "45 Mbps"},
    {Speed::s100m, "100M", "100 Mbps"},
    {Speed::s1g, "1G", "1 Gbps"},
    {Speed::s2g, "2G", "2 Gbps"},
    {Speed::s4g, "4G", "4 Gbps"},
    {Speed::s10g, "10G", "10 Gbps"},
    {Speed::s20g, "20G", "20 Gbps"},
    {Speed::s50g, "50G", "50 Gbps"},
    {Speed::s100g, "100G", "100 Gbps"},
}};

constexpr Words<DisabledBy, 3> disablers = {{
    {DisabledBy::nobody, "nobody", ""},
    {DisabledBy::prober, "prober", ""},
    {DisabledBy::admin, "admin", ""},
}};

}  // namespace

std::string_view to_string(Pocket value) noexcept {
    return word_of(pockets, value).name;
}

std::string_view pocket_suffix(Pocket value) noexcept {
    return word_of(pockets, value).title;
}

std::optional<Pocket> parse_pocket(std::string_view name) noexcept {
    return parse(pockets, name);
}

std::string_view to_string(SeriesStatus value) noexcept {
    return word_of(series_statuses, value).name;
}

std::optional<SeriesStatus> parse_series_status(std::string_view name) noexcept {
    return parse(series_statuses, name);
}

std::string_view to_string(ReviewStatus value) noexcept {
    return word_of(review_statuses, value).name;
}

std::optional<ReviewStatus> parse_review_status(std::string_view name) noexcept {
    return parse(review_statuses, name);
}

std::string_view to_string(Content value) noexcept {
    return word_of(contents, value).name;
}

std::optional<Content> parse_content(std::string_view name) noexcept {
    return parse(contents, name);
}

std::string_view to_string(PublicationStatus value) noexcept {
    return word_of(publication_statuses, value).name;
}

std::optional<PublicationStatus> parse_publication_status(std::string_view name) noexcept {
    return parse(publication_statuses, name);
}

std::string_view to_string(FileType value) noexcept {
    return word_of(file_types, value).name;
}

std::optional<FileType> parse_file_type(std::string_view name) noexcept {
    return parse(file_types, name);
}

std::string_view to_string(FreshnessRule value) noexcept {
    return word_of(freshness_rules, value).name;
}

std::optional<FreshnessRule> parse_freshness_rule(std::string_view name) noexcept {
    return parse(freshness_rules, name);
}

std::string_view to_string(Freshness value) noexcept {
    return word_of(freshnesses, value).name;
}

std::string_view title(Freshness value) noexcept {
    return word_of(freshnesses, value).title;
}

std::optional<Freshness> parse_freshness(std::string_view name) noexcept {
    return parse(freshnesses, name);
}

std::string_view to_string(Speed value) noexcept {
    return word_of(speeds, value).name;
}

std::string_view title(Speed value) noexcept {
    return word_of(speeds, value).title;
}

std::optional<Speed> parse_speed(std::string_view name) noexcept {
    std::array<char, 4> upper{};  // "128K" and "100G" are the longest
    if (name.size() > upper.size()) {
        return std::nullopt;
    }
    std::transform(name.begin(), name.end(), upper.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    return parse(speeds, {upper.data(), name.size()});
}

std::string_view to_string(DisabledBy value) noexcept {
    return word_of(disablers, value).name;
}

std::optional<DisabledBy> parse_disabled_by(std::string_view name) noexcept {
    return parse(disablers, name);
}

}  // namespace model
