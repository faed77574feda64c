#include "model/archive_catalog.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::Pocket;

namespace {

model::ArchiveSuite suite(const std::string& name, const std::string& version,
                          const std::vector<std::string>& components,
                          const std::vector<std::string>& architectures) {
    model::ArchiveSuite one;
    one.suite = name;
    one.release.origin = "Harbour Linux";
    one.release.codename = name;
    one.release.version = version;
    one.release.components = components;
    one.release.architectures = architectures;
    return one;
}

}  // namespace

TEST_CASE("a suite is a series and a pocket", "[model][archive_catalog]") {
    const auto& [name, series, pocket] = GENERATE(table<std::string, std::string, Pocket>({
        {"bookworm", "bookworm", Pocket::release},
        {"bookworm-updates", "bookworm", Pocket::updates},
        {"bookworm-security", "bookworm", Pocket::security},
        {"noble-proposed", "noble", Pocket::proposed},
        {"bookworm-backports", "bookworm", Pocket::backports},
        // Debian has these beside the pockets that we know.
        {"bookworm-proposed-updates", "bookworm-proposed-updates", Pocket::release},
        {"bookworm-backports-sloppy", "bookworm-backports-sloppy", Pocket::release},
        {"-updates", "-updates", Pocket::release},
        {"my-series", "my-series", Pocket::release},
    }));

    const auto split = model::split_suite(name);

    CHECK(split.series == series);
    CHECK(split.pocket == pocket);
}

TEST_CASE("Release files tell the distribution", "[model][archive_catalog]") {
    const std::vector suites = {
        suite("bookworm", "12.5", {"main", "contrib"}, {"amd64", "arm64"}),
        suite("bookworm-updates", "12-updates", {"main", "non-free"}, {"amd64", "i386"}),
        suite("trixie", "13.0", {"main"}, {"riscv64"}),
    };

    const auto distribution = model::distribution_of(suites);

    CHECK(distribution.title == "Harbour Linux");
    CHECK(distribution.pockets == std::vector{Pocket::release, Pocket::updates});
    REQUIRE(distribution.series.size() == 2);
    CHECK(distribution.series[0].name == "trixie");  // the newest first
    CHECK(distribution.series[0].version == "13.0");
    CHECK(distribution.series[1].name == "bookworm");
    CHECK(distribution.series[1].version == "12.5");
    CHECK(distribution.series[1].components ==
          std::vector<std::string>{"main", "contrib", "non-free"});
    CHECK(distribution.series[1].architectures ==
          std::vector<std::string>{"amd64", "arm64", "i386"});
}

TEST_CASE("a series' version is that of its RELEASE, wherever it comes",
          "[model][archive_catalog]") {
    const auto version_of = [](const std::vector<model::ArchiveSuite>& suites) {
        return model::distribution_of(suites).series.at(0).version;
    };
    const auto release = suite("bookworm", "12.5", {"main"}, {"amd64"});
    const auto updates = suite("bookworm-updates", "12-updates", {"main"}, {"amd64"});

    CHECK(version_of({release, updates}) == "12.5");
    CHECK(version_of({updates, release}) == "12.5");
    CHECK(version_of({updates}) == "12");
    CHECK(version_of({suite("sid", "", {"main"}, {"amd64"})}) == "0");
    CHECK(version_of({suite("sid", "no version", {"main"}, {"amd64"})}) == "0");
}

TEST_CASE("a distribution is named after its origin, else after its host",
          "[model][archive_catalog]") {
    const auto named = [](const std::string& origin) {
        auto one = suite("stable", "", {"main"}, {"amd64"});
        one.release.origin = origin;
        return model::default_distribution_name(std::vector{one},
                                                "http://Archive.Example.org:8080/debian/");
    };

    CHECK(named("Debian") == "debian");
    CHECK(named("Harbour Linux!") == "harbour-linux-");
    CHECK(named("") == "archive.example.org");
    CHECK(named("Help") == "archive.example.org");  // the status service has that page
    CHECK(named("--") == "archive.example.org");
    CHECK(named("\xc3\xa4") == "archive.example.org");
}

TEST_CASE("only what is wanted of an archive becomes part", "[model][archive_catalog]") {
    const auto distribution = model::distribution_of(std::vector{
        suite("bookworm", "12.5", {"main", "contrib", "non-free"}, {"amd64", "arm64", "i386"}),
        suite("trixie", "13.0", {"main", "contrib"}, {"amd64", "riscv64"}),
    });

    const auto all = model::select_words(distribution, {});
    const auto some = model::select_words(
        distribution, {.components = {"contrib", "main"}, .architectures = {"i386", "amd64"}});

    REQUIRE(all.has_value());
    CHECK(*all == distribution);
    REQUIRE(some.has_value());
    REQUIRE(some->series.size() == 2);
    CHECK(some->series[0].name == "trixie");
    CHECK(some->series[0].architectures == std::vector<std::string>{"amd64"});
    CHECK(some->series[1].components == std::vector<std::string>{"main", "contrib"});
    CHECK(some->series[1].architectures == std::vector<std::string>{"amd64", "i386"});
}

TEST_CASE("what an archive does not have cannot be wanted of it", "[model][archive_catalog]") {
    const auto distribution = model::distribution_of(std::vector{
        suite("bookworm", "12.5", {"main", "contrib"}, {"amd64", "i386"}),
        suite("trixie", "13.0", {"main"}, {"amd64", "riscv64"}),
    });
    const auto& [why, wanted, said] =
        GENERATE(table<std::string, model::ArchiveSelection, std::string>({
            {"a slip",
             {{}, {"amd64", "amd46"}},
             R"(no architecture "amd46"; it has amd64, riscv64, i386)"},
            {"sources are always part", {{}, {"source"}}, R"(no architecture "source")"},
            {"a slip beside a good word",
             {{"mian"}, {"amd64"}},
             R"(no component "mian"; it has main, contrib)"},
            {"one series lacks it",
             {{}, {"i386"}},
             "the series trixie has none of the wanted architectures; it has amd64, riscv64"},
            {"one series lacks it",
             {{"contrib"}, {}},
             "the series trixie has none of the wanted components; it has main"},
        }));
    INFO(why);

    const auto selected = model::select_words(distribution, wanted);

    REQUIRE(selected.has_error());
    INFO(selected.error());
    CHECK(selected.error().find(said) != std::string::npos);
}
