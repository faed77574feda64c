#include "model/vocabulary.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace model;

namespace {

/// Each value has this spelling, and the spelling is read back to it.
template <class Enum, class Parse>
void check_words(Parse parse, const std::vector<std::pair<int, std::string>>& words) {
    for (const auto& [number, name] : words) {
        CAPTURE(number, name);
        const auto value = static_cast<Enum>(number);

        CHECK(to_string(value) == name);
        REQUIRE(parse(name).has_value());
        CHECK(*parse(name) == value);
    }
    CHECK_FALSE(parse("").has_value());
    CHECK_FALSE(parse("nonsense").has_value());
    CHECK_FALSE(parse(words.front().second + " ").has_value());
}

}  // namespace

TEST_CASE("each word has one number and one spelling", "[model][vocabulary]") {
    check_words<Pocket>(
        parse_pocket,
        {{0, "RELEASE"}, {10, "SECURITY"}, {20, "UPDATES"}, {30, "PROPOSED"}, {40, "BACKPORTS"}});
    check_words<SeriesStatus>(parse_series_status, {{1, "EXPERIMENTAL"},
                                                    {2, "DEVELOPMENT"},
                                                    {3, "FROZEN"},
                                                    {4, "CURRENT"},
                                                    {5, "SUPPORTED"},
                                                    {6, "OBSOLETE"},
                                                    {7, "FUTURE"}});
    check_words<ReviewStatus>(
        parse_review_status,
        {{10, "PENDING_REVIEW"}, {20, "UNOFFICIAL"}, {30, "OFFICIAL"}, {40, "BROKEN"}});
    check_words<Content>(parse_content, {{1, "ARCHIVE"}, {2, "RELEASE"}});
    check_words<PublicationStatus>(
        parse_publication_status,
        {{1, "PENDING"}, {2, "PUBLISHED"}, {3, "SUPERSEDED"}, {4, "DELETED"}, {5, "OBSOLETE"}});
    check_words<FileType>(parse_file_type, {{1, "DEB"}, {2, "UDEB"}, {3, "DDEB"}, {4, "DSC"}});
    check_words<FreshnessRule>(parse_freshness_rule, {{1, "window"}, {2, "anchored"}});
    check_words<Freshness>(parse_freshness, {{1, "UP"},
                                             {2, "ONEHOURBEHIND"},
                                             {3, "TWOHOURSBEHIND"},
                                             {4, "SIXHOURSBEHIND"},
                                             {5, "ONEDAYBEHIND"},
                                             {6, "TWODAYSBEHIND"},
                                             {7, "ONEWEEKBEHIND"},
                                             {8, "UNKNOWN"}});
    check_words<DisabledBy>(parse_disabled_by, {{0, "nobody"}, {1, "prober"}, {2, "admin"}});
}

TEST_CASE("each speed is its kilobits a second, and has a short name and a title",
          "[model][vocabulary]") {
    const auto [kilobits, name, long_name] = GENERATE(table<int, std::string, std::string>({
        {128, "128K", "128 Kbps"},
        {256, "256K", "256 Kbps"},
        {512, "512K", "512 Kbps"},
        {1'000, "1M", "1 Mbps"},
        {2'000, "2M", "2 Mbps"},
        {10'000, "10M", "10 Mbps"},
        {45'000, "45M", "45 Mbps"},
        {100'000, "100M", "100 Mbps"},
        {1'000'000, "1G", "1 Gbps"},
        {2'000'000, "2G", "2 Gbps"},
        {4'000'000, "4G", "4 Gbps"},
        {10'000'000, "10G", "10 Gbps"},
        {20'000'000, "20G", "20 Gbps"},
        {50'000'000, "50G", "50 Gbps"},
        {100'000'000, "100G", "100 Gbps"},
    }));
    CAPTURE(name);
    const auto speed = static_cast<Speed>(kilobits);

    CHECK(to_string(speed) == name);
    CHECK(title(speed) == long_name);
    REQUIRE(parse_speed(name).has_value());
    CHECK(*parse_speed(name) == speed);
}

TEST_CASE("only a speed is read whatever its case", "[model][vocabulary]") {
    CHECK(parse_speed("2m") == Speed::s2m);
    CHECK(parse_speed("100g") == Speed::s100g);
    CHECK_FALSE(parse_speed("100gbps").has_value());
    CHECK_FALSE(parse_speed("3M").has_value());
    CHECK_FALSE(parse_speed("").has_value());
    CHECK_FALSE(parse_pocket("release").has_value());
    CHECK_FALSE(parse_freshness_rule("WINDOW").has_value());
}

TEST_CASE("a pocket's suffix is what the archive appends to the series", "[model][vocabulary]") {
    CHECK(pocket_suffix(Pocket::release).empty());
    CHECK(pocket_suffix(Pocket::security) == "-security");
    CHECK(pocket_suffix(Pocket::updates) == "-updates");
    CHECK(pocket_suffix(Pocket::proposed) == "-proposed");
    CHECK(pocket_suffix(Pocket::backports) == "-backports");
}

TEST_CASE("freshness has a title for people", "[model][vocabulary]") {
    CHECK(title(Freshness::up) == "Up to date");
    CHECK(title(Freshness::one_hour_behind) == "One hour behind");
    CHECK(title(Freshness::two_hours_behind) == "Two hours behind");
    CHECK(title(Freshness::six_hours_behind) == "Six hours behind");
    CHECK(title(Freshness::one_day_behind) == "One day behind");
    CHECK(title(Freshness::two_days_behind) == "Two days behind");
    CHECK(title(Freshness::one_week_behind) == "One week behind");
    CHECK(title(Freshness::unknown) == "Last update unknown");
}
