#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace model {

/// One character of a text that came from outside.
struct Character {
    std::size_t length = 0;   // in bytes, at least 1
    bool is_valid = false;    // well-formed UTF-8; if not, `length` is 1
    bool is_control = false;  // C0, C1, DEL, or a line or paragraph separator
};

/// The first character of `text`, which is not empty.
/// Source: Unicode 15, table 3-7 (well-formed UTF-8).
Character first_character(std::string_view text) noexcept;

/// `text` as valid UTF-8 on one line: control characters become blanks, each byte
/// that is no UTF-8 becomes U+FFFD.
std::string one_line(std::string_view text);

/// What the first line of a paragraph starts with, and its other lines.
struct Indent {
    std::string_view first;
    std::string_view others;
};

/// `text` with line breaks in place of blanks, so that no line is longer than 76
/// characters where its words allow. Each line ends in "\n".
std::string wrap(std::string_view text, Indent);

}  // namespace model
