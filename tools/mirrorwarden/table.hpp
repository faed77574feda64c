#pragma once

#include "tools/mirrorwarden/screen.hpp"

#include <string>
#include <vector>

namespace mirrorwarden {

/// What a cell says, in colour: never the only place where it is said.
enum class Tone { plain, good, caution, bad, faint };

struct Cell {
    std::string text;
    Tone tone = Tone::plain;
};

enum class Alignment { left, right };

struct Column {
    std::string header;
    Alignment alignment = Alignment::left;
    bool may_shrink = false;  // may be cut off where the screen is too narrow
    int dispensable = 0;  // where it is still too narrow the greatest is left out first; 0: stays
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;  // each as long as `columns`
};

/// The table as lines: a header, then a row a line, columns aligned by what they
/// fill on a screen and two blanks apart, no blanks at the ends of lines. Where the
/// screen has a width, the longest columns that may shrink are cut to fit it; before
/// they are cut too short to be told apart, dispensable columns are left out, and a
/// last line names them.
std::string render_table(const Table&, const Screen&);

/// `text` in the colour of `tone`, where the screen has colours.
std::string paint(const std::string& text, Tone tone, const Screen&);

}  // namespace mirrorwarden
