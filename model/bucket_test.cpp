#include "model/bucket.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using model::Bucket;
using model::Distribution;
using model::Expectation;
using model::Pocket;
using model::Series;
using model::SeriesStatus;

namespace {

/// The user's own distribution.
Distribution ubuntu() {
    Distribution distribution;
    distribution.name = "ubuntu";
    distribution.pockets = {model::all_pockets.begin(), model::all_pockets.end()};
    const auto add = [&](const std::string& name, const std::string& version,
                         const std::vector<std::string>& components,
                         const std::vector<std::string>& architectures) {
        Series series;
        series.name = name;
        series.version = version;
        series.components = components;
        series.architectures = architectures;
        distribution.series.push_back(series);
    };
    add("warty", "4.10", {"main", "universe"}, {"i386"});
    add("hoary", "5.04", {"main", "restricted"}, {"i386"});
    add("breezy-autotest", "6.6.6", {"main", "restricted", "universe", "multiverse"}, {"i386"});
    add("grumpy", "5.10", {}, {});
    return distribution;
}

/// One pocket, one component: what the rules about single buckets need.
Distribution small(const Series& series) {
    Distribution distribution;
    distribution.pockets = {Pocket::release};
    distribution.series = {series};
    return distribution;
}

Series sid(SeriesStatus status) {
    Series series;
    series.name = "sid";
    series.version = "99";
    series.status = status;
    series.components = {"main"};
    series.architectures = {"amd64"};
    series.unofficial_architectures = {"sh4"};
    return series;
}

Bucket sid_bucket(const std::string& architecture) {
    return {.series = "sid",
            .pocket = Pocket::release,
            .component = "main",
            .architecture = architecture};
}

std::vector<std::string> texts(const std::vector<Bucket>& buckets) {
    std::vector<std::string> all;
    all.reserve(buckets.size());
    for (const Bucket& bucket : buckets) {
        all.push_back(to_string(bucket));
    }
    return all;
}

}  // namespace

TEST_CASE("a bucket knows its suite, its index and how it is written", "[model][bucket]") {
    struct Row {
        Bucket bucket;
        std::string suite;
        std::string path;
        std::string text;
    };
    const auto row = GENERATE(values<Row>({
        {{"hoary", Pocket::release, "main", "i386"},
         "hoary",
         "dists/hoary/main/binary-i386/Packages.gz",
         "hoary RELEASE main i386"},
        {{"hoary", Pocket::backports, "main", "source"},
         "hoary-backports",
         "dists/hoary-backports/main/source/Sources.gz",
         "hoary BACKPORTS main source"},
        {{"bookworm", Pocket::security, "non-free-firmware", "arm64"},
         "bookworm-security",
         "dists/bookworm-security/non-free-firmware/binary-arm64/Packages.gz",
         "bookworm SECURITY non-free-firmware arm64"},
    }));

    CHECK(suite(row.bucket) == row.suite);
    CHECK(index_path(row.bucket) == row.path);
    CHECK(to_string(row.bucket) == row.text);
}

TEST_CASE("the user's mirror should have these indexes of hoary", "[model][bucket]") {
    const auto kind = GENERATE(as<std::string>{}, "binary-i386/Packages.gz", "source/Sources.gz");
    CAPTURE(kind);
    std::set<std::string> expected;
    for (const char* const suffix : {"", "-backports", "-security", "-updates", "-proposed"}) {
        for (const char* const component : {"main", "restricted"}) {
            expected.insert(std::string{"dists/hoary"} + suffix + "/" + component + "/" + kind);
        }
    }

    std::set<std::string> found;
    for (const Bucket& bucket : expected_buckets(ubuntu(), {}, Expectation::usual)) {
        const std::string path = index_path(bucket);
        if (path.find("hoary") != std::string::npos && path.ends_with(kind)) {
            CHECK(found.insert(path).second);
        }
    }

    CHECK(found.size() == 10);
    CHECK(found == expected);
}

TEST_CASE("all series of the user's mirror, newest first", "[model][bucket]") {
    const auto buckets = expected_buckets(ubuntu(), {}, Expectation::usual);

    // (2 + 2 + 4) components x 5 pockets x (i386 and source); grumpy has nothing.
    REQUIRE(buckets.size() == 80);
    CHECK(to_string(buckets.front()) == "breezy-autotest RELEASE main i386");
    CHECK(to_string(buckets[40]) == "hoary RELEASE main i386");
    CHECK(to_string(buckets[60]) == "warty RELEASE main i386");
    CHECK(to_string(buckets.back()) == "warty BACKPORTS universe source");
}

TEST_CASE("buckets are ordered by series, pocket, component, architecture", "[model][bucket]") {
    Distribution distribution;
    distribution.pockets = {Pocket::updates, Pocket::release};
    for (const char* const version : {"9", "10", "10~beta"}) {
        Series series;
        series.name = std::string{"v"} + version;
        series.version = version;
        series.components = {"main", "contrib"};
        series.architectures = {"i386", "amd64"};
        distribution.series.push_back(series);
    }
    distribution.series[1].unofficial_architectures = {"alpha"};

    const auto found = texts(expected_buckets(distribution, {}, Expectation::everything));

    std::vector<std::string> expected;
    for (const std::string series : {"v10", "v10~beta", "v9"}) {
        for (const std::string pocket : {"RELEASE", "UPDATES"}) {
            for (const std::string component : {"main", "contrib"}) {
                std::string start = series;
                start.append(" ").append(pocket).append(" ").append(component).append(" ");
                expected.push_back(start + "i386");
                expected.push_back(start + "amd64");
                if (series == "v10") {
                    expected.push_back(start + "alpha");
                }
                expected.push_back(start + "source");
            }
        }
    }
    CHECK(found == expected);
}

TEST_CASE("old series and unofficial architectures are asked for where they are carried",
          "[model][bucket]") {
    struct Row {
        SeriesStatus status;
        std::vector<std::string> carried;
        Expectation expectation;
        std::vector<std::string> architectures;
        std::string why;
    };
    constexpr auto usual = Expectation::usual;
    constexpr auto everything = Expectation::everything;
    const auto row = GENERATE(values<Row>({
        {SeriesStatus::supported, {}, usual, {"amd64", "source"}, "official only"},
        {SeriesStatus::future, {}, usual, {"amd64", "source"}, "any status but OBSOLETE"},
        {SeriesStatus::supported, {"sh4"}, usual, {"amd64", "sh4", "source"}, "has it already"},
        {SeriesStatus::supported, {"mips"}, usual, {"amd64", "source"}, "not in the catalogue"},
        {SeriesStatus::obsolete, {}, usual, {}, "nothing of it is left"},
        {SeriesStatus::obsolete, {"amd64"}, usual, {"amd64"}, "watched until it goes"},
        {SeriesStatus::obsolete, {"source"}, usual, {"source"}, "sources too"},
        {SeriesStatus::obsolete, {"sh4"}, usual, {"sh4"}, "old and unofficial"},
        {SeriesStatus::obsolete, {"source", "sh4"}, usual, {"sh4", "source"}, "our own order"},
        {SeriesStatus::obsolete, {}, everything, {"amd64", "sh4", "source"}, "--all-series"},
        {SeriesStatus::supported, {}, everything, {"amd64", "sh4", "source"}, "--all-series"},
    }));
    CAPTURE(row.why);
    std::vector<Bucket> carried;
    for (const std::string& architecture : row.carried) {
        carried.push_back(sid_bucket(architecture));
    }

    const auto buckets = expected_buckets(small(sid(row.status)), carried, row.expectation);

    std::vector<std::string> architectures;
    architectures.reserve(buckets.size());
    for (const Bucket& bucket : buckets) {
        architectures.push_back(bucket.architecture);
    }
    CHECK(architectures == row.architectures);
}

TEST_CASE("a row in one pocket does not ask for the others", "[model][bucket]") {
    Distribution distribution = small(sid(SeriesStatus::obsolete));
    distribution.pockets = {Pocket::release, Pocket::security};
    Bucket carried = sid_bucket("amd64");
    carried.pocket = Pocket::security;

    CHECK(expected_buckets(distribution, {carried}, Expectation::usual) == std::vector{carried});
}

TEST_CASE("a series without components or architectures contributes nothing", "[model][bucket]") {
    Series series = sid(SeriesStatus::supported);
    SECTION("no components") {
        series.components.clear();
    }
    SECTION("no architectures") {
        series.architectures.clear();
        series.unofficial_architectures.clear();
    }
    SECTION("neither") {
        series.components.clear();
        series.architectures.clear();
        series.unofficial_architectures.clear();
    }

    CHECK(expected_buckets(small(series), {}, Expectation::everything).empty());
}
