#include "tools/mirrorwarden/table.hpp"

#include "tools/cmake/catch.hpp"

using mirrorwarden::Alignment;
using mirrorwarden::render_table;
using mirrorwarden::Screen;
using mirrorwarden::Table;
using mirrorwarden::Tone;

namespace {

Table people() {
    return {.columns = {{"NAME", Alignment::left, true}, {"N", Alignment::right}, {"STATE"}},
            .rows = {{{"Jos\u00e9"}, {"1"}, {"good", Tone::good}},
                     {{"\u65e5\u672c\u8a9e"}, {"10"}, {""}}}};
}

}  // namespace

TEST_CASE("columns are aligned by what they fill, lines end without blanks", "[tools][table]") {
    CHECK(render_table(people(), Screen{}) ==
          "NAME     N  STATE\n"
          "Jos\u00e9     1  good\n"
          "\u65e5\u672c\u8a9e  10\n");
}

TEST_CASE("colours are only where the screen has them", "[tools][table]") {
    const Screen screen{.is_terminal = true, .has_colours = true, .width = 80};

    CHECK(render_table(people(), screen).find("\x1b[32mgood\x1b[0m") != std::string::npos);
    CHECK(render_table(people(), Screen{}).find('\x1b') == std::string::npos);
}

TEST_CASE("a narrow screen cuts the columns that may shrink", "[tools][table]") {
    const Table table{.columns = {{"NAME", Alignment::left, true}, {"URL"}},
                      .rows = {{{"a-very-long-name-of-a-mirror"}, {"http://a"}}}};

    CHECK(render_table(table, {.is_terminal = true, .has_colours = false, .width = 20}) ==
          "NAME        URL\n"
          "a-very-lo\u2026  http://a\n");
    CHECK(render_table(table, Screen{}).find("a-very-long-name-of-a-mirror") != std::string::npos);
}
