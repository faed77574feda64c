#include "model/catalog_file.hpp"
#include "model/file_errors.hpp"
#include "model/testing/right_catalog.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using namespace std::string_literals;
using model::FileError;
using model::parse_catalog;
using model::testing::errors_of;
using model::testing::right_catalog;
using model::testing::with_line;

TEST_CASE("the catalogue that the tests make wrong is right", "[model][catalog_file]") {
    CHECK(parse_catalog(right_catalog).has_value());
}

TEST_CASE("one wrong line gives its error and nothing else", "[model][catalog_file]") {
    const auto [why, from, to, line, fragment] =
        GENERATE(table<std::string, std::string, std::string, int, std::string>({
            {"a key's slip", "title", "titel = \"Ubuntu\"", 3,
             "unknown key \"titel\"; did you mean \"title\"?"},
            {"a key of elsewhere", "title", "speed = \"2M\"", 3, "unknown key \"speed\""},
            {"a key in a series", "status", "stauts = \"CURRENT\"", 20, "did you mean \"status\"?"},
            {"a key in images", "flavour", "flavor = \"kubuntu\"\nflavour = \"kubuntu\"", 26,
             "did you mean \"flavour\"?"},
            {"a key in a mirror", "enabled", "enable = true", 41, "did you mean \"enabled\"?"},
            {"no TOML", "title", "title = Ubuntu", 3, "this is not TOML"},
            {"a key twice", "title", "title = \"a\"\ntitle = \"b\"", 4, "this is not TOML"},
            {"a mirror name twice", "name = \"two\"", "name = \"one\"", 44,
             "the mirror \"one\" is given twice, in line 30 and in line 44"},
            {"a table, then a list", "[[mirror]]", "[mirror]", 43, "this is not TOML"},
        }));
    CAPTURE(why);

    model::testing::check_one_error(from, to, line, fragment);
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
