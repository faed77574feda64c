#include "model/catalog_file.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using model::Catalog;
using model::parse_catalog;

namespace {

std::string read_testdata(const std::string& name) {
    std::ifstream file(MIRROR_TESTDATA "/" + name, std::ios::binary);
    REQUIRE(file.is_open());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The catalogue of a text that must be right.
Catalog catalog_of(std::string_view toml) {
    auto catalog = parse_catalog(toml);
    if (catalog.has_error()) {
        const auto told = model::format_file_error("the catalogue", catalog.error().front());
        FAIL(told);
    }
    return *catalog;
}

const std::string mirror_lines =
    "[[mirror]]\n"
    "name = \"one\"\n"
    "distribution = \"ubuntu\"\n"
    "owner = \"Foo Bar <foo.bar@canonical.com>\"\n"
    "country = \"BR\"\n"
    "speed = \"2M\"\n"
    "http_url = \"http://foo.bar.com/pub\"\n";

const std::string series_lines =
    "[[distribution]]\n"
    "name = \"ubuntu\"\n"
    "\n"
    "[[distribution.series]]\n"
    "name = \"hoary\"\n"
    "version = \"5.04\"\n";

/// `text` with its one `from` changed into `to`.
std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("the acceptance catalogue is read as it was given", "[model][catalog_file]") {
    const auto catalog = catalog_of(read_testdata("acceptance/catalog.toml"));

    REQUIRE(catalog.distributions.size() == 1);
    const auto& ubuntu = catalog.distributions.front();
    CHECK(ubuntu.name == "ubuntu");
    CHECK(ubuntu.title == "Ubuntu");
    CHECK(ubuntu.primary_url.empty());
    CHECK(ubuntu.freshness_rule == model::FreshnessRule::window);
    CHECK(std::equal(ubuntu.pockets.begin(), ubuntu.pockets.end(), model::all_pockets.begin(),
                     model::all_pockets.end()));
    CHECK(ubuntu.failures_before_disable == 1);
    REQUIRE(ubuntu.series.size() == 4);
    CHECK(ubuntu.series[0].name == "breezy-autotest");
    CHECK(ubuntu.series[0].components ==
          std::vector<std::string>{"main", "restricted", "universe", "multiverse"});
    CHECK(ubuntu.series[1].name == "grumpy");
    CHECK(ubuntu.series[1].components.empty());
    CHECK(ubuntu.series[1].architectures.empty());
    CHECK(ubuntu.series[2].name == "hoary");
    CHECK(ubuntu.series[2].version == "5.04");
    CHECK(ubuntu.series[3].name == "warty");
    CHECK(ubuntu.series[3].architectures == std::vector<std::string>{"i386"});

    REQUIRE(catalog.mirrors.size() == 4);
    const auto& valid = catalog.mirrors[0].mirror;
    CHECK(valid.name == "valid-mirror");
    CHECK(valid.http_url == "http://localhost:11375/valid-mirror/");
    CHECK(valid.country == "AF");
    CHECK(is_official(valid));
    CHECK(catalog.mirrors[0].enabled == true);
    CHECK(catalog.mirrors[2].mirror.http_url == "http://localhost:11375/timeout/");
    CHECK(catalog.mirrors[2].mirror.content == model::Content::release);
    const auto& missing = catalog.mirrors[3].mirror;
    CHECK(missing.name == "archive-404-mirror");
    CHECK(missing.content == model::Content::archive);
    CHECK_FALSE(is_official(missing));
    CHECK(missing.owners == std::vector<model::MailAddress>{{"Foo Bar", "foo.bar@canonical.com"}});
}

TEST_CASE("what a catalogue leaves out has its default", "[model][catalog_file]") {
    const auto catalog = catalog_of(series_lines + mirror_lines);

    REQUIRE(catalog.distributions.size() == 1);
    const auto& distribution = catalog.distributions.front();
    CHECK(distribution.title == "ubuntu");
    CHECK(distribution.primary_url.empty());
    CHECK(distribution.freshness_rule == model::FreshnessRule::window);
    CHECK(distribution.pockets == std::vector{model::Pocket::release});
    CHECK(distribution.admins.empty());
    CHECK(distribution.failures_before_disable == 1);
    CHECK(distribution.successes_before_enable == 1);
    CHECK(distribution.disable_when.empty());
    CHECK(distribution.sync_grace == std::chrono::hours{6});
    CHECK(distribution.never_below == 0);
    CHECK(distribution.deep_every == 0);
    CHECK(distribution.keyring.empty());
    CHECK(distribution.manifest.empty());
    REQUIRE(distribution.series.size() == 1);
    CHECK(distribution.series.front().status == model::SeriesStatus::supported);
    CHECK(distribution.series.front().architectures.empty());

    REQUIRE(catalog.mirrors.size() == 1);
    const auto& [mirror, enabled, line] = catalog.mirrors.front();
    CHECK(line == 7);
    CHECK_FALSE(enabled.has_value());
    CHECK(mirror.content == model::Content::archive);
    CHECK(mirror.status == model::ReviewStatus::pending_review);
    CHECK_FALSE(mirror.official_candidate);
    CHECK(mirror.display_name.empty());
    CHECK(mirror.https_url.empty());
}

TEST_CASE("everything that a catalogue can say is read", "[model][catalog_file]") {
    const auto catalog = catalog_of(R"(
[[distribution]]
name = "ubuntu"
title = "Ubuntu"
primary_url = "https://Archive.example/ubuntu"
freshness_rule = "anchored"
pockets = ["UPDATES", "RELEASE"]
admins = ["Ann <ann@example.org>", "bob@example.org"]
failures_before_disable = 3
successes_before_enable = 2
disable_when = ["no-content", "lag > 36h"]
sync_grace = "90m"
never_below = 4
deep_every = 7
keyring = "/usr/share/keyrings/a key.gpg"
manifest = "https://Archive.example:443/cd/manifest.txt"

[[distribution.series]]
name = "warty"
version = "4.10"
status = "OBSOLETE"
components = ["universe", "main"]
architectures = ["i386", "amd64"]
unofficial_architectures = ["sparc"]
images = [{flavour = "kubuntu", files = ["warty/install.iso"]}]

[[distribution.series]]
name = "hoary"
version = "5.04"

[[distribution.series.images]]
flavour = "ubuntu"
files = [
    "hoary/a.iso",
    "hoary/b.iso",
]

[[mirror]]
name = "one"
display_name = "The One"
description = """
Two
lines"""
whiteboard = "slow on Sundays"
distribution = "debian"
owner = ["Ann <ann@example.org>", "bob@example.org"]
country = "CI"
speed = "100g"
content = "RELEASE"
http_url = "http://one.example"
https_url = "https://one.example"
ftp_url = "ftp://one.example"
rsync_url = "rsync://one.example/pub"
official_candidate = true
status = "BROKEN"
enabled = false
)");

    REQUIRE(catalog.distributions.size() == 1);
    const auto& distribution = catalog.distributions.front();
    CHECK(distribution.primary_url == "https://archive.example/ubuntu/");
    CHECK(distribution.freshness_rule == model::FreshnessRule::anchored);
    CHECK(distribution.pockets == std::vector{model::Pocket::release, model::Pocket::updates});
    CHECK(distribution.admins ==
          std::vector<model::MailAddress>{{"Ann", "ann@example.org"}, {"", "bob@example.org"}});
    CHECK(distribution.failures_before_disable == 3);
    CHECK(distribution.successes_before_enable == 2);
    CHECK(distribution.disable_when == std::vector<std::string>{"no-content", "lag>36h"});
    CHECK(distribution.sync_grace == std::chrono::minutes{90});
    CHECK(distribution.never_below == 4);
    CHECK(distribution.deep_every == 7);
    CHECK(distribution.keyring == "/usr/share/keyrings/a key.gpg");
    CHECK(distribution.manifest == "https://archive.example/cd/manifest.txt");
    REQUIRE(distribution.series.size() == 2);
    CHECK(distribution.series[0].name == "hoary");  // the newest comes first
    CHECK(distribution.series[0].images ==
          std::vector<model::ImageSet>{{"ubuntu", {"hoary/a.iso", "hoary/b.iso"}}});
    const auto& warty = distribution.series[1];
    CHECK(warty.status == model::SeriesStatus::obsolete);
    CHECK(warty.components == std::vector<std::string>{"universe", "main"});
    CHECK(warty.architectures == std::vector<std::string>{"i386", "amd64"});
    CHECK(warty.unofficial_architectures == std::vector<std::string>{"sparc"});
    CHECK(warty.images == std::vector<model::ImageSet>{{"kubuntu", {"warty/install.iso"}}});

    REQUIRE(catalog.mirrors.size() == 1);
    const auto& [mirror, enabled, line] = catalog.mirrors.front();
    CHECK(mirror.display_name == "The One");
    CHECK(mirror.description == "Two\nlines");
    CHECK(mirror.whiteboard == "slow on Sundays");
    CHECK(mirror.distribution == "debian");
    CHECK(mirror.owners.size() == 2);
    CHECK(mirror.country == "CI");
    CHECK(mirror.speed == model::Speed::s100g);
    CHECK(mirror.content == model::Content::release);
    CHECK(mirror.http_url == "http://one.example/");
    CHECK(mirror.https_url == "https://one.example/");
    CHECK(mirror.ftp_url == "ftp://one.example/");
    CHECK(mirror.rsync_url == "rsync://one.example/pub/");
    CHECK(mirror.official_candidate);
    CHECK(mirror.status == model::ReviewStatus::broken);
    CHECK(enabled == false);
}

TEST_CASE("an empty catalogue is right, and so are other editors' marks", "[model][catalog_file]") {
    CHECK(catalog_of("").mirrors.empty());
    CHECK(catalog_of("# nothing yet\n").distributions.empty());

    std::string windows = "\xEF\xBB\xBF" + mirror_lines;
    for (auto at = windows.find('\n'); at != std::string::npos; at = windows.find('\n', at + 2)) {
        windows.insert(at, "\r");
    }
    const auto catalog = catalog_of(windows);
    REQUIRE(catalog.mirrors.size() == 1);
    CHECK(catalog.mirrors.front().mirror.name == "one");
    CHECK(catalog.mirrors.front().line == 1);
}

TEST_CASE("mirrors without a name are named and numbered", "[model][catalog_file]") {
    std::string toml;
    for (const auto* const path : {"a", "b", "c"}) {
        toml += changed(changed(mirror_lines, "name = \"one\"\n", ""), "pub", path);
    }
    // Given by the file, though later, so it is taken.
    toml += changed(changed(mirror_lines, "\"one\"", "\"foo.bar.com-archive2\""), "pub", "d");

    const auto catalog = catalog_of(toml);

    REQUIRE(catalog.mirrors.size() == 4);
    CHECK(catalog.mirrors[0].mirror.name == "foo.bar.com-archive");
    CHECK(catalog.mirrors[1].mirror.name == "foo.bar.com-archive3");
    CHECK(catalog.mirrors[2].mirror.name == "foo.bar.com-archive4");
    CHECK(catalog.mirrors[3].mirror.name == "foo.bar.com-archive2");
}
