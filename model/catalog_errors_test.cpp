#include "model/catalog_file.hpp"
#include "model/file_errors.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using namespace std::string_literals;
using model::FileError;
using model::parse_catalog;

namespace {

/// The errors of a text that must be wrong.
std::vector<FileError> errors_of(std::string_view toml) {
    const auto catalog = parse_catalog(toml);
    REQUIRE(catalog.has_error());
    return catalog.error();
}

const std::string right_catalog = R"([[distribution]]
name = "ubuntu"
title = "Ubuntu"
primary_url = "http://archive.example/"
freshness_rule = "window"
pockets = ["RELEASE", "UPDATES"]
admins = ["Ann <ann@example.org>"]
failures_before_disable = 2
keyring = "/k.gpg"
sync_grace = "90m"
disable_when = ["no-content", "lag>7d"]
successes_before_enable = 2
never_below = 1
deep_every = 7
manifest = "http://archive.example/m"

[[distribution.series]]
name = "hoary"
version = "5.04"
status = "CURRENT"
components = ["main", "universe"]
architectures = ["i386"]
unofficial_architectures = ["sparc"]

[[distribution.series.images]]
flavour = "kubuntu"
files = ["a.iso", "b.iso"]

[[mirror]]
name = "one"
display_name = "The One"
description = "fast"
distribution = "ubuntu"
owner = "Foo Bar <foo.bar@canonical.com>"
country = "BR"
speed = "2M"
content = "ARCHIVE"
http_url = "http://foo.bar.com/pub"
rsync_url = "rsync://foo.bar.com/pub"
status = "OFFICIAL"
enabled = true

[[mirror]]
name = "two"
distribution = "ubuntu"
owner = ["Foo Bar <foo.bar@canonical.com>"]
country = "IO"
speed = "2M"
https_url = "https://two.example/"
)";

/// The right catalogue with its first line that begins with `from` made `to`.
std::string with_line(const std::string& from, const std::string& to) {
    auto at = right_catalog.find("\n" + from);
    REQUIRE(at != std::string::npos);
    ++at;
    std::string text = right_catalog;
    return text.replace(at, text.find('\n', at) - at, to);
}

}  // namespace

TEST_CASE("the catalogue that the tests make wrong is right", "[model][catalog_file]") {
    CHECK(parse_catalog(right_catalog).has_value());
}

TEST_CASE("one wrong line gives its error and nothing else", "[model][catalog_file]") {
    const auto [why, from, to, line, fragment] = GENERATE(table<std::string, std::string,
                                                                std::string, int, std::string>({
        {"a key's slip", "title", "titel = \"Ubuntu\"", 3,
         "unknown key \"titel\"; did you mean \"title\"?"},
        {"a key of elsewhere", "title", "speed = \"2M\"", 3, "unknown key \"speed\""},
        {"a key in a series", "status", "stauts = \"CURRENT\"", 20, "did you mean \"status\"?"},
        {"a key in images", "flavour", "flavor = \"kubuntu\"\nflavour = \"kubuntu\"", 26,
         "did you mean \"flavour\"?"},
        {"a key in a mirror", "enabled", "enable = true", 41, "did you mean \"enabled\"?"},
        {"no TOML", "title", "title = Ubuntu", 3, "this is not TOML"},
        {"a key twice", "title", "title = \"a\"\ntitle = \"b\"", 4, "this is not TOML"},
        {"no text", "title", "title = 5", 3, "title: this must be a text"},
        {"a control character", "title", R"(title = "a\u001Bb")", 3, "control character"},
        {"a zero byte", "description", R"(description = "a\u0000")", 32, "control character"},
        {"a long title", "title", "title = \"" + std::string(201, 'a') + "\"", 3,
         "200 are the most"},
        {"a wrong name", "name = \"ubuntu\"", "name = \"Ubuntu\"", 2, "\"Ubuntu\" is no name"},
        {"no name of a distribution", "name = \"ubuntu\"", "", 1, "name is missing"},
        {"a wrong primary URL", "primary_url", "primary_url = \"http://a.example/?x\"", 4,
         "primary_url: the URL has a query"},
        {"rsync as primary URL", "primary_url", "primary_url = \"rsync://a.example/\"", 4,
         "primary_url: the URL's scheme is \"rsync\""},
        {"a wrong rule", "freshness_rule", "freshness_rule = \"Window\"", 5,
         "\"Window\" is not one of \"window\", \"anchored\""},
        {"a wrong pocket", "pockets", "pockets = [\"RELEASE\", \"updates\"]", 6,
         "\"updates\" is not one of RELEASE"},
        {"in its own line", "pockets", "pockets = [\"RELEASE\",\n\"updates\"]", 7, "\"updates\""},
        {"a pocket twice", "pockets", "pockets = [\"RELEASE\", \"RELEASE\"]", 6, "twice"},
        {"no pockets", "pockets", "pockets = []", 6, "empty"},
        {"no list", "pockets", "pockets = {a = 1}", 6, "must be a list"},
        {"no text in a list", "pockets", "pockets = [\"RELEASE\", 1]", 6, "each entry must be"},
        {"a wrong admin", "admins", "admins = [\"Ann\"]", 7, "admins: \"Ann\" is no mail"},
        {"an admin twice", "admins", "admins = [\"ann@b.example\", \"Ann <ann@b.example>\"]", 7,
         "the address \"ann@b.example\" is given twice"},
        {"zero failures", "failures", "failures_before_disable = 0", 8, "from 1 to 100"},
        {"too many failures", "failures", "failures_before_disable = 101", 8, "from 1 to 100"},
        {"half a failure", "failures", "failures_before_disable = 1.5", 8, "whole number"},
        {"a keyring of this folder", "keyring", "keyring = \"keys.gpg\"", 9,
         "keyring: \"keys.gpg\" is not the whole path of a file"},
        {"an empty keyring", "keyring", "keyring = \"\"", 9, "keyring: \"\" is not the whole path"},
        {"a keyring of two lines", "keyring", R"(keyring = "/a\nb")", 9, "is not the whole path"},
        {"a long keyring", "keyring", "keyring = \"/" + std::string(1'000, 'k') + "\"", 9,
         "is not the whole path"},
        {"a number as grace", "sync_grace", "sync_grace = 6", 10, "must be a text"},
        {"a grace without unit", "sync_grace", "sync_grace = \"6\"", 10,
         "sync_grace: \"6\" is not a time such as \"90m\""},
        {"a grace of many years", "sync_grace", "sync_grace = \"9999999d\"", 10, "is not a time"},
        {"a grace below zero", "sync_grace", "sync_grace = \"-6h\"", 10, "is not a time"},
        {"no such reason", "disable_when", "disable_when = [\"no-content\", \"no-contents\"]", 11,
         "disable_when: \"no-contents\""},
        {"in its own line", "disable_when", "disable_when = [\"no-content\",\n\"slow\"]", 12,
         "disable_when: \"slow\""},
        {"a lag of nothing", "disable_when", "disable_when = \"lag>\"", 11,
         "disable_when: \"lag>\""},
        {"a reason twice", "disable_when", "disable_when = [\"lag>7d\", \"lag > 7d\"]", 11,
         "the reason \"lag>7d\" is given twice"},
        {"no success", "successes", "successes_before_enable = 0", 12, "from 1 to 100"},
        {"too many successes", "successes", "successes_before_enable = 101", 12, "from 1 to 100"},
        {"fewer than none", "never_below", "never_below = -1", 13, "from 0 to 1000"},
        {"a text as number", "deep_every", "deep_every = \"7\"", 14, "whole number"},
        {"rarely deep", "deep_every", "deep_every = 1001", 14, "from 0 to 1000"},
        {"a manifest of this folder", "manifest", "manifest = \"m.txt\"", 15,
         "manifest: \"m.txt\" is neither an http or https URL nor the whole path"},
        {"a manifest by ftp", "manifest", "manifest = \"ftp://a.example/m\"", 15, "is neither"},
        {"a manifest's query", "manifest", "manifest = \"https://a.example/m?x\"", 15,
         "manifest: the URL has a query"},
        {"a manifest's folder", "manifest", "manifest = \"https://a.example/m/\"", 15,
         "a folder's URL"},
        {"no series name", "name = \"hoary\"", "", 17, "name is missing"},
        {"a slash in a series", "name = \"hoary\"", "name = \"../x\"", 18, "name: \"../x\""},
        {"no version", "version", "", 17, "version is missing"},
        {"an empty version", "version", "version = \"\"", 19, "version: \"\" is no version"},
        {"a number as version", "version", "version = 5.04", 19, "must be a text"},
        {"a wrong series status", "status", "status = \"OLD\"", 20, "\"OLD\" is not one of EXP"},
        {"a wrong component", "components", "components = [\"main\", \"a/b\"]", 21,
         "components: \"a/b\""},
        {"an empty component", "components", "components = [\"\"]", 21, "components: \"\""},
        {"a long component", "components", "components = [\"" + std::string(101, 'a') + "\"]", 21,
         "is not valid"},
        {"a component twice", "components", "components = [\"main\", \"main\"]", 21, "twice"},
        {"an architecture twice", "unofficial", "unofficial_architectures = [\"i386\"]", 23,
         "\"i386\" is given twice, in line 22 and in line 23"},
        {"source as architecture", "architectures", "architectures = [\"source\"]", 22,
         "\"source\" is no architecture"},
        {"no flavour", "flavour", "", 25, "flavour is missing"},
        {"no files", "files", "", 25, "files is missing"},
        {"an empty list of files", "files", "files = []", 27, "empty"},
        {"a file outside", "files", "files = [\"../../etc/passwd\"]", 27, "no path below"},
        {"a file from the root", "files", "files = [\"/etc/passwd\"]", 27, "no path below"},
        {"a file twice", "files", "files = [\"a.iso\", \"a.iso\"]", 27, "twice"},
        {"a wrong mirror name", "name = \"one\"", "name = \"one/two\"", 30, "is no name"},
        {"a mirror name twice", "name = \"two\"", "name = \"one\"", 44,
         "the mirror \"one\" is given twice, in line 30 and in line 44"},
        {"no distribution", "distribution =", "", 29, "distribution is missing"},
        {"no owner", "owner = \"", "", 29, "owner is missing"},
        {"an empty list of owners", "owner = \"", "owner = []", 34, "empty"},
        {"a wrong owner", "owner = \"", "owner = \"Foo Bar\"", 34, "owner: \"Foo Bar\""},
        {"no country", "country", "", 29, "country is missing"},
        {"no such country", "country", "country = \"XX\"", 35, "\"XX\" is no country"},
        {"a small country", "country", "country = \"br\"", 35, "\"br\" is no country"},
        {"no such speed", "speed", "speed = \"3M\"", 36, "\"3M\" is not one of 128K"},
        {"a number as speed", "speed", "speed = 2000", 36, "must be a text"},
        {"a wrong content", "content", "content = \"CD\"", 37, "is not one of ARCHIVE, RELEASE"},
        {"another scheme", "http_url", "http_url = \"https://foo.bar.com/\"", 38,
         "http_url: the URL's scheme is \"https\", not http"},
        {"an empty URL", "http_url", "http_url = \"\"", 38, "http_url: the URL is empty"},
        {"only rsync", "http_url", "", 29, "none of http_url, https_url and ftp_url"},
        {"a wrong status", "status = \"OFFICIAL\"", "status = \"official\"", 40,
         "\"official\" is not one of PENDING_REVIEW"},
        {"no flag", "enabled", "enabled = \"yes\"", 41, "must be true or false"},
        {"a table, then a list", "[[mirror]]", "[mirror]", 43, "this is not TOML"},
    }));
    CAPTURE(why);

    const auto errors = errors_of(with_line(from, to));

    REQUIRE(errors.size() == 1);
    CAPTURE(errors.front().text);
    CHECK(errors.front().line == line);
    CHECK(errors.front().text.find(fragment) != std::string::npos);
}

TEST_CASE("a URL that two mirrors claim is named with both lines", "[model][catalog_file]") {
    const auto errors =
        errors_of(with_line("https_url", "http_url = \"http://FOO.bar.com:80/pub//\""));

    REQUIRE(errors.size() == 1);
    CHECK(errors.front() ==
          FileError{49,
                    "the URL \"http://foo.bar.com/pub/\" is given twice, in line 38 and in "
                    "line 49"});
}

TEST_CASE("what stands twice in a catalogue is wrong", "[model][catalog_file]") {
    const auto [why, toml, line] = GENERATE(table<std::string, std::string, int>({
        {"a distribution", "[[distribution]]\nname = \"a\"\n[[distribution]]\nname = \"a\"\n", 4},
        {"a series",
         "[[distribution]]\nname = \"a\"\n"
         "[[distribution.series]]\nname = \"s\"\nversion = \"1\"\n"
         "[[distribution.series]]\nname = \"s\"\nversion = \"2\"\n",
         7},
    }));
    CAPTURE(why);

    const auto errors = errors_of(toml);

    REQUIRE(errors.size() == 1);
    CHECK(errors.front().line == line);
    CHECK(errors.front().text.find("twice") != std::string::npos);
}

TEST_CASE("what is no catalogue at all is refused whole", "[model][catalog_file]") {
    std::string deep;
    for (int i = 0; i < 200'000; ++i) {
        deep += "a.";
    }
    const auto [why, toml, line, fragment] =
        GENERATE_COPY(table<std::string, std::string, int, std::string>({
            {"an unknown table", "[[mirrors]]\nname = \"a\"", 1, "did you mean \"mirror\"?"},
            {"single brackets", "\n[mirror]\nname = \"a\"", 2, "double brackets"},
            {"a list of other things", "mirror = [1]", 1, "mirror: "},
            {"a word", "mirror = \"a\"", 1, "double brackets"},
            {"bytes that are no UTF-8", "\n# \xFF\xFE\n", 2, "this is not TOML"},
            {"a zero byte", "a\0b"s, 1, "this is not TOML"},
            {"a table too deep", deep + "a = 1", 1, "a key has more than 16 parts"},
            {"a header too deep", "\n[" + deep + "a]", 2, "a key has more than 16 parts"},
            {"brackets too deep", "a = " + std::string(100'000, '['), 1, "this is not TOML"},
            {"too large", std::string(64UL * 1024 * 1024 + 1, '\n'), 0, "larger than 64 MiB"},
        }));
    CAPTURE(why);

    const auto errors = errors_of(toml);

    REQUIRE(errors.size() == 1);
    CAPTURE(errors.front().text);
    CHECK(errors.front().line == line);
    CHECK(errors.front().text.find(fragment) != std::string::npos);
}

TEST_CASE("all errors are told at once, by line, but a hundred at most", "[model][catalog_file]") {
    std::string toml;
    for (int i = 0; i < 60; ++i) {
        toml += "[[mirror]]\nbandwidth = 1\nhttp_url = \"nonsense\"\n";
    }
    toml += "[[distribution]]\n";

    const auto errors = errors_of(toml);

    REQUIRE(errors.size() == model::file_errors_max);
    CHECK(errors.front().line == 1);
    for (std::size_t i = 1; i < errors.size(); ++i) {
        CHECK(errors[i - 1].line <= errors[i].line);
    }
}

TEST_CASE("an error is shown with its file and line", "[model][catalog_file]") {
    CHECK(model::format_file_error("mirrors.toml", {12, "wrong"}) == "mirrors.toml:12: wrong");
    CHECK(model::format_file_error("mirrors.toml", {0, "too large"}) == "mirrors.toml: too large");
}
