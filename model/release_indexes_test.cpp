#include "model/release_indexes.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using Words = std::vector<std::string>;

namespace {

model::Release release_with(const Words& paths) {
    model::Release release;
    for (const auto& path : paths) {
        release.entries.push_back({.path = path, .size = 1, .sha256 = {}});
    }
    return release;
}

}  // namespace

TEST_CASE("the indexes of a suite are those that apt may ask for", "[model][release_indexes]") {
    const auto [why, components, architectures, paths,
                expected] = GENERATE(table<std::string, Words, Words, Words, Words>({
        {"every compressed form: apt takes the one that it likes best",
         {},
         {},
         {"main/binary-amd64/Packages", "main/binary-amd64/Packages.gz",
          "main/binary-amd64/Packages.xz"},
         {"main/binary-amd64/Packages.gz", "main/binary-amd64/Packages.xz"}},
        {"the plain form where there is no other",
         {},
         {},
         {"main/binary-amd64/Packages"},
         {"main/binary-amd64/Packages"}},
        {"sources and the translation that all have",
         {},
         {},
         {"main/i18n/Translation-de.xz", "main/i18n/Translation-en.xz", "main/source/Sources.gz"},
         {"main/i18n/Translation-en.xz", "main/source/Sources.gz"}},
        {"nothing that is no index",
         {},
         {},
         {"Contents-amd64.gz", "main/binary-amd64/Release", "main/Contents-amd64.gz",
          "main/debian-installer/binary-amd64/Packages.gz", "Packages.gz", "/Packages.gz"},
         {"main/debian-installer/binary-amd64/Packages.gz"}},
        {"one component",
         {"main"},
         {},
         {"contrib/binary-amd64/Packages.gz", "main/binary-amd64/Packages.gz",
          "main/debian-installer/binary-amd64/Packages.gz"},
         {"main/binary-amd64/Packages.gz"}},
        {"one architecture, and what is for all of them",
         {},
         {"amd64"},
         {"main/binary-all/Packages.gz", "main/binary-amd64/Packages.gz",
          "main/binary-i386/Packages.gz", "main/source/Sources.gz"},
         {"main/binary-all/Packages.gz", "main/binary-amd64/Packages.gz"}},
        {"sources alone",
         {},
         {"source"},
         {"main/binary-all/Packages.gz", "main/binary-amd64/Packages.gz", "main/source/Sources.xz"},
         {"main/source/Sources.xz"}},
    }));
    CAPTURE(why);
    const auto release = release_with(paths);

    Words found;
    for (const auto* entry : model::indexes_of(release, {components, architectures})) {
        found.push_back(entry->path);
    }

    CHECK(found == expected);
}

TEST_CASE("the forms of one index have one stem", "[model][release_indexes]") {
    CHECK(model::index_stem("main/source/Sources.zst") == "main/source/Sources");
    CHECK(model::index_stem("main/source/Sources") == "main/source/Sources");
    CHECK(model::is_translation("main/i18n/Translation-en.xz"));
    CHECK_FALSE(model::is_translation("main/binary-amd64/Packages.gz"));
}
