#include "model/toml_reader.hpp"

#include "tools/cmake/catch.hpp"

#include <array>
#include <string>
#include <vector>

using model::FileError;
using model::FileErrors;
using model::TomlTable;

namespace {

constexpr std::array<std::string_view, 3> keys = {"name", "title", "part"};
constexpr std::array<std::string_view, 1> part_keys = {"size"};

/// A file whose first line is `line`, read by `read`: what was complained of.
template <class Read>
std::vector<FileError> complaints(const std::string& line, Read read) {
    const auto parsed = model::parse_toml(line);
    REQUIRE(parsed.has_value());
    FileErrors errors;
    TomlTable table(*parsed, keys, errors);
    read(table);
    return errors.take();
}

void no_reading(TomlTable& /*table*/) {}

}  // namespace

TEST_CASE("what has the right type is read, and what is absent is not wrong",
          "[model][toml_reader]") {
    const auto errors = complaints("name = \"x\"\ntitle = \"T\\nU\"", [](TomlTable& table) {
        CHECK(table.text("name") == "x");
        CHECK(table.plain_text("title", 3, model::Lines::many) == "T\nU");
        CHECK(table.has("name"));
        CHECK_FALSE(table.has("part"));
        CHECK(table.line_of("title") == 2);
        CHECK(table.line_of("part") == table.line());
        CHECK_FALSE(table.text("part"));
        CHECK_FALSE(table.flag("part"));
        CHECK_FALSE(table.number("part", {0, 9}));
        CHECK(table.texts("part", {1, 9}).empty());
        CHECK(table.tables("part", part_keys, 9).empty());
    });

    CHECK(errors.empty());
}

TEST_CASE("a number, a flag and lists are read", "[model][toml_reader]") {
    complaints("name = 9", [](TomlTable& table) { CHECK(table.number("name", {0, 9}) == 9); });
    complaints("name = false", [](TomlTable& table) { CHECK(table.flag("name") == false); });
    complaints("name = \"a\"", [](TomlTable& table) {
        const auto texts = table.texts("name", {1, 1});
        REQUIRE(texts.size() == 1);
        CHECK(texts.front().text == "a");
    });
    complaints("name = [\"a\",\n\"b\"]", [](TomlTable& table) {
        const auto texts = table.texts("name", {1, 2});
        REQUIRE(texts.size() == 2);
        CHECK(texts.back().text == "b");
        CHECK(texts.back().line == 2);
    });
    complaints("[[part]]\nsize = 1\n[[part]]\nsize = 2", [](TomlTable& table) {
        auto parts = table.tables("part", part_keys, 2);
        REQUIRE(parts.size() == 2);
        CHECK(parts.back().number("size", {0, 9}) == 2);
        CHECK(parts.back().line() == 3);
    });
}

TEST_CASE("what is wrong is told with its line and key, and reads as if it were absent",
          "[model][toml_reader]") {
    struct Case {
        std::string why;
        std::string toml;
        void (*read)(TomlTable&);
        int line;
        std::string said;
    };
    const auto& [why, toml, read, line, said] = GENERATE(values<Case>({
        {"a slip", "\nnmae = 1", no_reading, 2, "unknown key \"nmae\"; did you mean \"name\"?"},
        {"no text", "name = 1", [](TomlTable& t) { CHECK_FALSE(t.text("name")); }, 1,
         "name: this must be a text in quotation marks"},
        {"too long", "name = \"abcd\"",
         [](TomlTable& t) { CHECK_FALSE(t.plain_text("name", 3, model::Lines::one)); }, 1,
         "name: this has 4 bytes; 3 are the most"},
        {"two lines", R"(name = "a\nb")",
         [](TomlTable& t) { CHECK_FALSE(t.plain_text("name", 9, model::Lines::one)); }, 1,
         "name: this holds a control character or a line end"},
        {"no flag", "name = 0", [](TomlTable& t) { CHECK_FALSE(t.flag("name")); }, 1,
         "name: this must be true or false, without quotation marks"},
        {"too small", "name = -1", [](TomlTable& t) { CHECK_FALSE(t.number("name", {0, 9})); }, 1,
         "name: this must be a whole number from 0 to 9"},
        {"too large", "name = 10", [](TomlTable& t) { CHECK_FALSE(t.number("name", {0, 9})); }, 1,
         "name: this must be a whole number from 0 to 9"},
        {"larger than an int", "name = 4294967297",
         [](TomlTable& t) { CHECK_FALSE(t.number("name", {0, 9})); }, 1, "whole number"},
        {"no whole number", "name = 1.0",
         [](TomlTable& t) { CHECK_FALSE(t.number("name", {0, 9})); }, 1, "whole number"},
        {"no list", "name = 1", [](TomlTable& t) { CHECK(t.texts("name", {0, 9}).empty()); }, 1,
         "name: this must be a list of texts in brackets"},
        {"an empty list", "name = []", [](TomlTable& t) { CHECK(t.texts("name", {1, 9}).empty()); },
         1, "name: this list is empty; it needs an entry"},
        {"a long list", "name = [\"a\", \"b\"]",
         [](TomlTable& t) { CHECK(t.texts("name", {0, 1}).empty()); }, 1,
         "name: this has 2 entries; 1 are the most"},
        {"a list with a number in it", "name = [\"a\",\n2]",
         [](TomlTable& t) { CHECK(t.texts("name", {0, 9}).size() == 1); }, 2,
         "name: each entry must be a text in quotation marks"},
        {"no list of tables", "part = 1",
         [](TomlTable& t) { CHECK(t.tables("part", part_keys, 9).empty()); }, 1,
         "part: this must be a list of tables; put its header in double brackets, [[ ]]"},
        {"too many tables", "[[part]]\n[[part]]",
         [](TomlTable& t) { CHECK(t.tables("part", part_keys, 1).empty()); }, 1,
         "part: there are 2 of these; 1 are the most"},
        {"no table in a list", "part = [1]",
         [](TomlTable& t) { CHECK(t.tables("part", part_keys, 9).empty()); }, 1,
         "part: each entry must be a table"},
        {"a slip in an inner table", "[[part]]\nsiez = 1",
         [](TomlTable& t) { CHECK(t.tables("part", part_keys, 9).size() == 1); }, 2,
         "unknown key \"siez\"; did you mean \"size\"?"},
        {"absent, and needed", "title = \"x\"", [](TomlTable& t) { t.require("name"); }, 1,
         "name is missing"},
        {"no word of the list", "name = \"XX\"",
         [](TomlTable& t) {
             const auto parse = [](std::string_view text) {
                 return text == "A" ? std::optional(1) : std::nullopt;
             };
             CHECK_FALSE(t.word("name", parse, "A, B"));
         },
         1, "name: \"XX\" is not one of A, B"},
    }));
    CAPTURE(why);

    const auto errors = complaints(toml, read);

    REQUIRE(errors.size() == 1);
    CHECK(errors.front().line == line);
    CAPTURE(errors.front().text);
    CHECK(errors.front().text.find(said) != std::string::npos);
}
