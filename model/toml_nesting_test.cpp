#include "model/toml_nesting.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::line_of_deep_key;

TEST_CASE("a key of too many parts is found in its line", "[model][toml_nesting]") {
    const auto [why, toml, expected] = GENERATE(table<std::string, std::string, int>({
        {"a key", "a.b.c = 1", 1},
        {"a later line", "a = 1\n\na.b.c = 1", 3},
        {"a header", "[a.b.c]", 1},
        {"a header of an array", "\n[[a.b.c]]", 2},
        {"blanks between", "a . b . c = 1", 1},
        {"quoted parts", R"("="."#".'"' = 1)", 1},
        {"within an inline table", "a = {b = 1, c.d.e = 2}", 1},
        {"after a comment", "# it's\na.b.c = 1", 2},
        {"after a string with marks", R"(a = "\"" # x
a.b.c = 1)",
         2},
        {"after a literal string", "a = 'C:\\'\na.b.c = 1", 2},
        {"after a string of many lines", "a = \"\"\"\n\\\"\"\" \n\"\"\"\na.b.c = 1", 4},
        {"after one that ends in marks", "a = \"\"\"x\"\"\"\"\"\na.b.c = 1", 2},
        {"after a literal one of many lines", "a = '''\n\\'''\na.b.c = 1", 3},
        {"after an empty string", "a = \"\"\na.b.c = 1", 2},
        {"after an open string", "a = \"x\na.b.c = 1", 2},
    }));
    CAPTURE(why, toml);

    REQUIRE(line_of_deep_key(toml, 2).has_value());
    CHECK(*line_of_deep_key(toml, 2) == expected);
}

TEST_CASE("points that divide no key do not count", "[model][toml_nesting]") {
    const auto [why, toml] = GENERATE(table<std::string, std::string>({
        {"nothing", ""},
        {"as many parts as may be", "a.b = 1"},
        {"in a string", "a = \"1.2.3.4\""},
        {"in a quoted key", "\"1.2.3.4\" = 1"},
        {"in a literal string", "a = '1.2.3.4'"},
        {"in a string of many lines", "a = \"\"\"\n1.2.3\n\"\"\""},
        {"in a comment", "# 1.2.3.4"},
        {"in several numbers", "a = [1.5, 2.5, 3.5]"},
        {"in several keys", "a.b = 1\nc.d = 2"},
        {"in an open string", "a = \"1.2.3.4"},
        {"an escape at the end", "a = \"\\"},
    }));
    CAPTURE(why, toml);

    CHECK_FALSE(line_of_deep_key(toml, 2).has_value());
}
