#include "tools/mirrorwarden/display_width.hpp"

#include "tools/cmake/catch.hpp"

#include <tuple>

using mirrorwarden::display_width;
using mirrorwarden::printable;
using mirrorwarden::shorten;

TEST_CASE("text is as wide as its characters are on a terminal", "[tools][display_width]") {
    const auto [why, text, width] = GENERATE(table<const char*, const char*, int>(
        {{"nothing", "", 0},
         {"ASCII", "mirror", 6},
         {"two bytes, one column", "Jos\u00e9", 4},
         {"a combining accent fills none", "Jose\u0301", 4},
         {"East Asian characters fill two", "\u65e5\u672c", 4},
         {"Hangul fills two", "\ud55c", 2},
         {"fullwidth letters fill two", "\uff21", 2},
         {"halfwidth katakana fills one", "\uff71", 1},
         {"an emoji fills two", "\U0001f600", 2},
         {"a byte that is no UTF-8 fills one", "\xff", 1},
         {"an overlong form is two such bytes", "\xc0\xaf", 2},
         {"a character that ends too early", "a\xe6\x97", 3}}));

    INFO(why);
    CHECK(display_width(text) == width);
}

TEST_CASE("a text that is too wide ends in an ellipsis, between characters",
          "[tools][display_width]") {
    CHECK(shorten("mirror", 6) == "mirror");
    CHECK(shorten("mirror", 5) == "mirr\u2026");
    CHECK(shorten("\u65e5\u672c\u8a9e", 4) == "\u65e5\u2026");
    CHECK(shorten("mirror", 0).empty());
}

TEST_CASE("what would move a terminal's cursor is not printed", "[tools][display_width]") {
    CHECK(printable("a\x1b[31mb\n") == "a?[31mb?");
    CHECK(printable("Jos\u00e9 \xff") == "Jos\u00e9 ?");
    CHECK(printable("a\u202eb") == "a?b");
    CHECK(mirrorwarden::printable_lines("a\r\n\n\u202eb\n") == "a?\n\n?b\n");
    CHECK(mirrorwarden::printable_lines("a\nb") == "a\nb");
}
