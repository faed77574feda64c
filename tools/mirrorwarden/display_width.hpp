#pragma once

#include <string>
#include <string_view>

namespace mirrorwarden {

/// How many columns of a terminal UTF-8 text fills: two for an East Asian wide
/// character or an emoji, none for a combining mark. Each byte that is not UTF-8
/// counts as one.
int display_width(std::string_view utf8) noexcept;

/// The longest beginning of whole characters that fills at most `columns`; where
/// something is cut off, it ends in "…", which fills the last of them.
std::string shorten(std::string_view utf8, int columns);

/// `text` without what would move a terminal's cursor or change its colours:
/// control characters and bytes that are not UTF-8 become "?".
std::string printable(std::string_view text);
/// The same of each line: ends of lines stay.
std::string printable_lines(std::string_view text);

}  // namespace mirrorwarden
