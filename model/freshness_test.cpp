#include "model/freshness.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

using model::Bucket;
using model::ContentRow;
using model::FileType;
using model::Freshness;
using model::freshness_checks;
using model::FreshnessCheck;
using model::FreshnessRule;
using model::Pocket;
using model::Publication;
using model::PublicationStatus;
using model::Timestamp;

namespace {

using Checks = std::vector<std::pair<Freshness, std::string>>;

const Bucket warty_source{
    .series = "warty", .pocket = Pocket::release, .component = "main", .architecture = "source"};
const Bucket warty_i386{
    .series = "warty", .pocket = Pocket::release, .component = "main", .architecture = "i386"};

Timestamp at(std::string_view text) {
    const auto time = model::parse_timestamp(text);
    REQUIRE(time.has_value());
    return *time;
}

Publication publication(const Bucket& bucket, const std::string& source, const std::string& file,
                        std::string_view published) {
    const auto type = file.ends_with(".dsc")    ? FileType::dsc
                      : file.ends_with(".udeb") ? FileType::udeb
                      : file.ends_with(".ddeb") ? FileType::ddeb
                                                : FileType::deb;
    return {.distribution = "ubuntu",
            .bucket = bucket,
            .source = source,
            .version = "1",
            .file = file,
            .path = {},
            .file_type = file.empty() ? std::nullopt : std::optional{type},
            .status = published.empty() ? PublicationStatus::pending : PublicationStatus::published,
            .published = published.empty() ? std::nullopt : std::optional{at(published)}};
}

/// The user's own data.
std::vector<Publication> warty_publications() {
    return {
        publication(warty_source, "another", "", "2004-03-14 18:00:00"),
        publication(warty_source, "mozilla-firefox", "", "2004-09-27 11:57:13"),
        publication(warty_source, "alsa-utils", "alsa-utils_1.0.8-1ubuntu1.dsc",
                    "2005-09-15 11:42:02.870714"),
        publication(warty_source, "alsa-utils", "alsa-utils_1.0.9a-4.dsc",
                    "2005-09-16 11:42:02.870714"),
        publication(warty_source, "mozilla-firefox", "", ""),
        publication(warty_i386, "mozilla-firefox", "mozilla-firefox_0.9_i386.deb",
                    "2005-06-18 00:00:00"),
        publication(warty_i386, "pmount", "pmount_1.9-1_all.deb", "2005-06-20 00:00:00"),
        publication(warty_i386, "pmount", "pmount_0.1-1_all.udeb", "2005-06-20 00:01:00"),
        publication(warty_i386, "pmount", "pmount_0.1-1_all.udeb", "2005-06-24 00:01:00"),
    };
}

Checks as_pairs(const std::vector<FreshnessCheck>& checks) {
    Checks pairs;
    for (const auto& [freshness, path] : checks) {
        pairs.emplace_back(freshness, path);
    }
    return pairs;
}

/// A DEB of i386 for each "minutes before noon" (negative: after it); its path is
/// that number.
const std::string noon = "2026-01-15T12:00:00Z";
std::vector<Publication> minutes_before_noon(const std::vector<int>& ages) {
    std::vector<Publication> publications;
    for (const int age : ages) {
        Publication one = publication(warty_i386, "hello", "hello.deb", noon);
        *one.published -= std::chrono::minutes{age};
        one.path = std::to_string(age);
        publications.push_back(one);
    }
    return publications;
}

constexpr auto up = Freshness::up;
constexpr auto one_hour = Freshness::one_hour_behind;
constexpr auto two_hours = Freshness::two_hours_behind;
constexpr auto six_hours = Freshness::six_hours_behind;
constexpr auto one_day = Freshness::one_day_behind;
constexpr auto two_days = Freshness::two_days_behind;
constexpr auto one_week = Freshness::one_week_behind;

struct Row {
    std::vector<int> ages;
    Checks expected;
    std::string why;
};

}  // namespace

TEST_CASE("the window rule answers as the user expects", "[model][freshness]") {
    struct Case {
        Bucket bucket;
        std::string when;
        Checks expected;
    };
    const std::string alsa = "pool/main/a/alsa-utils/alsa-utils_";
    const std::string pmount = "pool/main/p/pmount/pmount_1.9-1_all.deb";
    const std::string firefox = "pool/main/m/mozilla-firefox/mozilla-firefox_0.9_i386.deb";
    const auto [bucket, when, expected] = GENERATE_COPY(values<Case>({
        {warty_source,
         "2005-09-17 00:00:00",
         {{one_day, alsa + "1.0.9a-4.dsc"}, {two_days, alsa + "1.0.8-1ubuntu1.dsc"}}},
        {warty_source, "2026-11-21 05:27:00", {{up, alsa + "1.0.9a-4.dsc"}}},
        {warty_i386, "2005-06-22 00:00:00", {{two_days, pmount}, {one_week, firefox}}},
        {warty_i386, "2005-06-20 00:01:00", {{up, pmount}, {two_days, firefox}}},
    }));
    CAPTURE(bucket.architecture, when);

    const auto checks =
        freshness_checks(FreshnessRule::window, bucket, warty_publications(), at(when));

    CHECK(as_pairs(checks) == expected);
}

TEST_CASE("the window rule takes the newest of each window, borders included",
          "[model][freshness]") {
    // Borders, in minutes: 30, 90, 150, 390, 1470, 2910, 10110.
    const auto row = GENERATE(values<Row>({
        {{}, {}, "nothing was ever published"},
        {{0}, {{up, "0"}}, "published right now"},
        {{29}, {{up, "29"}}, "inside the first window"},
        {{30}, {{up, "30"}, {one_hour, "30"}}, "on a border: in both windows"},
        {{31}, {{one_hour, "31"}}, "just past the border"},
        {{90}, {{one_hour, "90"}, {two_hours, "90"}}, "on the next border"},
        {{150}, {{two_hours, "150"}, {six_hours, "150"}}, "and the next"},
        {{390}, {{six_hours, "390"}, {one_day, "390"}}, "and the next"},
        {{1470}, {{one_day, "1470"}, {two_days, "1470"}}, "and the next"},
        {{2910}, {{two_days, "2910"}, {one_week, "2910"}}, "and the next"},
        {{10109}, {{one_week, "10109"}}, "the last minute of the week"},
        {{10110}, {{up, "10110"}}, "not strictly newer than the week: nothing was uploaded in it"},
        {{10111, 20000}, {{up, "10111"}}, "the newest of what is older than the week"},
        {{20000, 10111}, {{up, "10111"}}, "in any order"},
        {{60, 10110}, {{one_hour, "60"}, {one_week, "10110"}}, "the last border serves its window"},
        {{60, 10111}, {{one_hour, "60"}}, "older than the week does not count beside newer ones"},
        {{10, 20, 40, 50}, {{up, "10"}, {one_hour, "40"}}, "the newest of each window"},
        {{50, 40, 20, 10}, {{up, "10"}, {one_hour, "40"}}, "in any order"},
        {{10, 30}, {{up, "10"}, {one_hour, "30"}}, "the border is newest in the older window only"},
        {{10, 60, 120, 300, 1000, 2000, 5000},
         {{up, "10"},
          {one_hour, "60"},
          {two_hours, "120"},
          {six_hours, "300"},
          {one_day, "1000"},
          {two_days, "2000"},
          {one_week, "5000"}},
         "every window has one"},
        {{-1}, {}, "after `when`: newer than the week, but in no window"},
        {{-1, 60}, {{one_hour, "60"}}, "the later one changes nothing"},
        {{-1, 20000}, {}, "and there was an upload: the old one proves nothing"},
    }));
    CAPTURE(row.why);

    const auto checks = freshness_checks(FreshnessRule::window, warty_i386,
                                         minutes_before_noon(row.ages), at(noon));

    CHECK(as_pairs(checks) == row.expected);
}

TEST_CASE("the anchored rule calls a synced mirror up to date at any hour", "[model][freshness]") {
    const auto row = GENERATE(values<Row>({
        {{}, {}, "nothing was ever published"},
        {{0}, {}, "right now is not before now"},
        {{-5}, {}, "after `when`"},
        {{1}, {{up, "1"}}, "a minute ago"},
        {{45}, {{up, "45"}}, "in the window of an hour: still the newest"},
        {{5000}, {{up, "5000"}}, "days ago"},
        {{50000}, {{up, "50000"}}, "nothing this week"},
        {{-5, 0, 45}, {{up, "45"}}, "what is not before `when` is not seen"},
        {{10, 20}, {{up, "10"}}, "the second newest is in no older window"},
        {{10, 30}, {{up, "10"}}, "30 minutes ago is the open end of the hour's window"},
        {{10, 31}, {{up, "10"}, {one_hour, "31"}}, "inside it"},
        {{10, 90}, {{up, "10"}, {one_hour, "90"}}, "its closed start, and in no other"},
        {{10, 91}, {{up, "10"}, {two_hours, "91"}}, "just past it"},
        {{45, 60}, {{up, "45"}, {one_hour, "60"}}, "the hour's window ends at the newest"},
        {{60, 60}, {{up, "60"}}, "and the newest itself is outside"},
        {{200, 300}, {{up, "200"}, {six_hours, "300"}}, "windows wholly after it are skipped"},
        {{150, 151}, {{up, "150"}, {six_hours, "151"}}, "a window that starts with it is empty"},
        {{2000, 5000, 5001}, {{up, "2000"}, {one_week, "5000"}}, "the newest of the window"},
        {{2000, 10110}, {{up, "2000"}, {one_week, "10110"}}, "the start of the week belongs to it"},
        {{2000, 10111}, {{up, "2000"}}, "what is older does not count"},
        {{20000, 20001}, {{up, "20000"}}, "all windows are after the newest"},
    }));
    CAPTURE(row.why);

    const auto checks = freshness_checks(FreshnessRule::anchored, warty_i386,
                                         minutes_before_noon(row.ages), at(noon));

    CHECK(as_pairs(checks) == row.expected);
}

TEST_CASE("only published files of the bucket's own type count", "[model][freshness]") {
    const auto rule = GENERATE(FreshnessRule::window, FreshnessRule::anchored);
    const std::string_view recent = "2026-01-15T11:50:00Z";
    const auto deb = publication(warty_i386, "hello", "hello_1_i386.deb", "2026-01-15T11:40:00Z");
    auto ignored = publication(warty_i386, "hello", "hello_2_i386.deb", recent);

    SECTION("pending") {
        ignored.status = PublicationStatus::pending;
    }
    SECTION("superseded") {
        ignored.status = PublicationStatus::superseded;
    }
    SECTION("deleted") {
        ignored.status = PublicationStatus::deleted;
    }
    SECTION("obsolete") {
        ignored.status = PublicationStatus::obsolete;
    }
    SECTION("without a time") {
        ignored.published.reset();
    }
    SECTION("without a file") {
        ignored.file.clear();
        ignored.file_type.reset();
    }
    SECTION("udeb") {
        ignored.file_type = FileType::udeb;
    }
    SECTION("ddeb") {
        ignored.file_type = FileType::ddeb;
    }
    SECTION("dsc in a binary bucket") {
        ignored.file_type = FileType::dsc;
    }
    SECTION("another series") {
        ignored.bucket.series = "hoary";
    }
    SECTION("another pocket") {
        ignored.bucket.pocket = Pocket::updates;
    }
    SECTION("another component") {
        ignored.bucket.component = "universe";
    }
    SECTION("another architecture") {
        ignored.bucket.architecture = "amd64";
    }
    SECTION("sources") {
        ignored.bucket.architecture = "source";
    }

    const auto checks =
        freshness_checks(rule, warty_i386, std::vector{deb, ignored}, at("2026-01-15T12:00:00Z"));

    CHECK(as_pairs(checks) == Checks{{up, "pool/main/h/hello/hello_1_i386.deb"}});
}

TEST_CASE("a source bucket looks at DSC files only", "[model][freshness]") {
    const std::vector publications = {
        publication(warty_source, "hello", "hello_1.dsc", "2026-01-15T11:40:00Z"),
        publication(warty_source, "hello", "hello_2_i386.deb", "2026-01-15T11:50:00Z"),
    };

    const auto checks = freshness_checks(FreshnessRule::window, warty_source, publications,
                                         at("2026-01-15T12:00:00Z"));

    CHECK(as_pairs(checks) == Checks{{up, "pool/main/h/hello/hello_1.dsc"}});
}

TEST_CASE("of several files of one moment the same is chosen in any order", "[model][freshness]") {
    const auto rule = GENERATE(FreshnessRule::window, FreshnessRule::anchored);
    std::vector publications = {
        publication(warty_i386, "apt", "apt_1_i386.deb", "2026-01-15T11:50:00Z"),
        publication(warty_i386, "bash", "bash_1_i386.deb", "2026-01-15T11:50:00Z"),
        publication(warty_i386, "cron", "cron_1_i386.deb", "2026-01-15T11:50:00Z"),
    };
    const Timestamp when = at("2026-01-15T12:00:00Z");
    const auto first = freshness_checks(rule, warty_i386, publications, when);

    std::ranges::reverse(publications);

    CHECK(first.size() == 1);
    CHECK(freshness_checks(rule, warty_i386, publications, when) == first);
}

TEST_CASE("checks come in strict order and name publications that count", "[model][freshness]") {
    const auto rule = GENERATE(FreshnessRule::window, FreshnessRule::anchored);
    std::mt19937 random{20050917};
    std::uniform_int_distribution<int> count{0, 40};
    std::uniform_int_distribution<int> minutes{-300, 12000};
    std::uniform_int_distribution<int> one_in_four{0, 3};
    for (int round = 0; round < 500; ++round) {
        std::vector<int> ages(static_cast<std::size_t>(count(random)));
        std::ranges::generate(ages, [&] { return minutes(random); });
        auto publications = minutes_before_noon(ages);
        std::map<std::string, Timestamp> counting;
        for (Publication& one : publications) {
            if (one_in_four(random) == 0) {
                one.status = PublicationStatus::pending;
                one.path += " pending";
            } else {
                counting.emplace(one.path, *one.published);
            }
        }

        const auto checks = freshness_checks(rule, warty_i386, publications, at(noon));

        CAPTURE(round, ages);
        for (std::size_t i = 0; i < checks.size(); ++i) {
            REQUIRE(counting.contains(checks[i].path));
            REQUIRE(checks[i].freshness != Freshness::unknown);
            REQUIRE(counting.at(checks[i].path) <= at(noon));
            if (i > 0) {
                REQUIRE(checks[i - 1].freshness < checks[i].freshness);
                REQUIRE(counting.at(checks[i - 1].path) >= counting.at(checks[i].path));
            }
        }
    }
}

TEST_CASE("a mirror is as fresh as its worst row, UNKNOWN left out", "[model][freshness]") {
    struct Case {
        std::vector<Freshness> sources;
        std::vector<Freshness> architectures;
        Freshness source;
        Freshness architecture;
        Freshness overall;
        std::string why;
    };
    constexpr auto unknown = Freshness::unknown;
    const auto row = GENERATE(values<Case>({
        {{}, {}, unknown, unknown, unknown, "no rows"},
        {{up}, {up}, up, up, up, "all fresh"},
        {{up}, {two_days, one_hour}, up, two_days, two_days, "the worst architecture"},
        {{one_week, up}, {two_days}, one_week, two_days, one_week, "the worst source"},
        {{unknown, one_hour}, {up}, one_hour, up, one_hour, "UNKNOWN does not count"},
        {{one_hour, unknown}, {up}, one_hour, up, one_hour, "wherever it stands"},
        {{unknown}, {two_hours}, unknown, two_hours, two_hours, "one kind is unknown"},
        {{two_hours}, {unknown}, two_hours, unknown, two_hours, "the other"},
        {{two_hours}, {}, two_hours, unknown, two_hours, "no binaries"},
        {{unknown}, {unknown, unknown}, unknown, unknown, unknown, "nothing is known"},
    }));
    CAPTURE(row.why);
    std::vector<ContentRow> rows;
    for (const Freshness freshness : row.sources) {
        rows.push_back({.bucket = warty_source, .freshness = freshness});
    }
    for (const Freshness freshness : row.architectures) {
        rows.push_back({.bucket = warty_i386, .freshness = freshness});
    }

    const auto freshness = model::mirror_freshness(rows);

    CHECK(freshness.source == row.source);
    CHECK(freshness.architecture == row.architecture);
    CHECK(freshness.overall == row.overall);
}
