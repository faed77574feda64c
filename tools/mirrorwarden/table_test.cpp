#include "tools/mirrorwarden/table.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

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

TEST_CASE("a narrow screen leaves out what is dispensable, and says so", "[tools][table]") {
    const Table probed{
        .columns = {{"NAME", Alignment::left, true},
                    {.header = "SPEED", .alignment = Alignment::right, .dispensable = 2},
                    {"STATE"},
                    {.header = "PROBED", .dispensable = 1}},
        .rows = {{{"a-very-long-name-of-a-mirror"}, {"100M"}, {"good"}, {"2026-11-21"}}}};
    const auto [width, expected, why] = GENERATE(table<int, std::string, std::string>({
        {54,
         "NAME                          SPEED  STATE  PROBED\n"
         "a-very-long-name-of-a-mirror   100M  good   2026-11-21\n",
         "all of it fits"},
        {42,
         "NAME              SPEED  STATE  PROBED\n"
         "a-very-long-nam\u2026   100M  good   2026-11-21\n",
         "a name is still told from another by its first letters"},
        {41,
         "NAME                    STATE  PROBED\n"
         "a-very-long-name-of-a\u2026  good   2026-11-21\n"
         "Left out on this narrow screen: SPEED\n",
         "a name that is cut further is worse than a speed that is missing"},
        {24,
         "NAME               STATE\n"
         "a-very-long-name\u2026  good\n"
         "Left out on this narrow screen: SPEED, PROBED\n",
         "what is most dispensable goes first"},
        {15,
         "NAME      STATE\n"
         "a-very-\u2026  good\n"
         "Left out on this narrow screen: SPEED, PROBED\n",
         "what is not dispensable stays"},
    }));
    CAPTURE(why);

    CHECK(render_table(probed, {.is_terminal = true, .has_colours = false, .width = width}) ==
          expected);
}
