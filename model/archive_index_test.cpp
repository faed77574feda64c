#include "model/archive_index.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using model::Pocket;

namespace {

model::Distribution debian() {
    model::Distribution distribution;
    distribution.name = "debian";
    distribution.pockets = {Pocket::release, Pocket::updates};
    for (const auto& [name, version, status] :
         {std::tuple{"trixie", "13", model::SeriesStatus::supported},
          std::tuple{"bookworm", "12", model::SeriesStatus::supported},
          std::tuple{"buster", "10", model::SeriesStatus::obsolete},
          std::tuple{"forky", "14", model::SeriesStatus::future}}) {
        model::Series series;
        series.name = name;
        series.version = version;
        series.status = status;
        series.components = {"main", "contrib"};
        series.architectures = {"amd64"};
        series.unofficial_architectures = {"hppa"};
        distribution.series.push_back(series);
    }
    return distribution;
}

model::Sha256 digest(std::uint8_t first) {
    model::Sha256 value;
    value.bytes[0] = first;
    return value;
}

model::Release release_of(const std::vector<std::string>& paths, bool by_hash) {
    model::Release release;
    release.acquire_by_hash = by_hash;
    for (const auto& path : paths) {
        release.entries.push_back({path, 100, digest(static_cast<std::uint8_t>(path.size()))});
    }
    std::sort(release.entries.begin(), release.entries.end(),
              [](const auto& one, const auto& other) { return one.path < other.path; });
    return release;
}

const model::Bucket amd64{"trixie", Pocket::release, "main", "amd64"};
const model::Bucket source{"trixie", Pocket::release, "main", "source"};

}  // namespace

TEST_CASE("a primary archive has the suites of all series that it still keeps",
          "[model][archive_index]") {
    std::vector<std::string> names;
    std::vector<std::size_t> sizes;
    for (const auto& suite : model::suites_of(debian())) {
        names.push_back(suite.suite);
        sizes.push_back(suite.buckets.size());
    }

    CHECK(names ==
          std::vector<std::string>{"trixie", "trixie-updates", "bookworm", "bookworm-updates"});
    // Two components, each with amd64, hppa and sources.
    CHECK(sizes == std::vector<std::size_t>{6, 6, 6, 6});
}

TEST_CASE("an index is wanted in the packing that comes first", "[model][archive_index]") {
    const std::string name = "main/binary-amd64/Packages";
    const auto& [paths, expected, why] =
        GENERATE_COPY(table<std::vector<std::string>, std::string, std::string>({
            {{name, name + ".gz", name + ".xz", name + ".zst"}, name + ".gz", "where all are"},
            {{name, name + ".xz", name + ".zst"}, name + ".xz", "as Debian's newer suites may"},
            {{name, name + ".zst"}, name + ".zst", "as Ubuntu may"},
            {{name}, name, "a small archive that packs nothing"},
            {{name + ".xz"}, name + ".xz", "one that does not name what is packed"},
        }));

    INFO(why);
    const auto wanted = model::wanted_indexes(release_of(paths, false), {amd64});

    REQUIRE(wanted.size() == 1);
    CHECK(wanted[0].bucket == amd64);
    CHECK(wanted[0].entry.path == expected);
    CHECK(wanted[0].inflated.has_value() ==
          (std::find(paths.begin(), paths.end(), name) != paths.end()));
    CHECK(wanted[0].by_hash_path.empty());
}

TEST_CASE("mirrors have an index as the archive publishes it", "[model][archive_index]") {
    const std::string name = "main/binary-amd64/Packages";
    const std::string folder = "dists/trixie/";
    const auto& [paths, expected, why] =
        GENERATE_COPY(table<std::vector<std::string>, std::string, std::string>({
            {{name, name + ".gz", name + ".xz"}, folder + name + ".gz", "where both are"},
            {{name, name + ".xz"}, folder + name + ".xz", "as bookworm-updates is"},
            {{name, name + ".zst"}, folder + name + ".zst", "a newer way"},
            {{name}, folder + name, "an archive that packs nothing"},
            {{name + ".bz2"}, folder + name + ".gz", "a way that nobody asks for"},
            {{"main/source/Sources.xz"}, folder + name + ".gz", "another index"},
            {{}, folder + name + ".gz", "nothing is known of its indexes"},
        }));
    INFO(why);
    std::vector<model::Snapshot> newest(2);
    newest[0].suite = "bookworm";
    newest[0].entries = release_of({name + ".zst"}, false).entries;
    newest[1].suite = "trixie";
    newest[1].entries = release_of(paths, false).entries;

    CHECK(model::published_index_path(amd64, newest) == expected);
}

TEST_CASE("an index that the Release does not name is not wanted", "[model][archive_index]") {
    // Not the installer's packages, nor another architecture's, nor what is packed otherwise.
    const auto release =
        release_of({"main/debian-installer/binary-amd64/Packages.gz",
                    "main/binary-arm64/Packages.gz", "main/binary-amd64/Packages.bz2"},
                   false);

    CHECK(model::wanted_indexes(release, {amd64, source}).empty());
}

TEST_CASE("an index is offered by its hash beside its name", "[model][archive_index]") {
    const auto wanted =
        model::wanted_indexes(release_of({"main/source/Sources.gz"}, true), {amd64, source});

    REQUIRE(wanted.size() == 1);
    CHECK(wanted[0].bucket == source);
    // Source: "Debian Repository Format", "Acquire-By-Hash". The path has 22 letters, 0x16.
    CHECK(wanted[0].by_hash_path ==
          "main/source/by-hash/SHA256/"
          "1600000000000000000000000000000000000000000000000000000000000000");
}
