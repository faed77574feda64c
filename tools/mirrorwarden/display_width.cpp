#include "tools/mirrorwarden/display_width.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace mirrorwarden {
namespace {

struct Character {
    std::uint32_t code_point = 0;
    std::size_t bytes = 1;
    bool is_valid = false;
};

constexpr bool is_continuation(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Source: RFC 3629, sections 3 and 4 (no overlong forms, no surrogates).
Character first_character(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) {
        return {.code_point = lead, .bytes = 1, .is_valid = true};
    }
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
        return {};
    }
    std::uint32_t code_point = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if (!is_continuation(text[i])) {
            return {};
        }
        code_point = (code_point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (code_point < least.at(bytes) || code_point > 0x10FFFF ||
        (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        return {};
    }
    return {.code_point = code_point, .bytes = bytes, .is_valid = true};
}

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

constexpr bool is_in(std::uint32_t code_point, const Range* begin, const Range* end) noexcept {
    return std::any_of(begin, end, [code_point](Range range) {
        return range.first <= code_point && code_point <= range.last;
    });
}

// The blocks that names are written in; not the whole of Unicode.
// Source: Unicode Standard Annex 11, East Asian Width, classes W and F.
constexpr std::array wide = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},
    Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
    Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
    Range{0x20000, 0x3FFFD},
};
// Combining marks, zero-width characters, variation selectors.
constexpr std::array empty = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A},
    Range{0x064B, 0x065F}, Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E},
    Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x202A, 0x202E},
    Range{0x2060, 0x2064}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
    Range{0xFEFF, 0xFEFF},
};

int width_of(const Character& character) noexcept {
    if (!character.is_valid) {
        return 1;
    }
    const auto code_point = character.code_point;
    if (is_in(code_point, empty.begin(), empty.end())) {
        return 0;
    }
    return is_in(code_point, wide.begin(), wide.end()) ? 2 : 1;
}

// C0, DEL and C1, and the marks that turn the direction of writing.
bool is_control(std::uint32_t code_point) noexcept {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
           (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace

int display_width(std::string_view utf8) noexcept {
    int columns = 0;
    while (!utf8.empty()) {
        const auto character = first_character(utf8);
        columns += width_of(character);
        utf8.remove_prefix(character.bytes);
    }
    return columns;
}

std::string shorten(std::string_view utf8, int columns) {
    if (display_width(utf8) <= columns) {
        return std::string(utf8);
    }
    if (columns < 1) {
        return {};
    }
    std::size_t kept = 0;
    int used = 1;  // the ellipsis
    while (kept < utf8.size()) {
        const auto character = first_character(utf8.substr(kept));
        used += width_of(character);
        if (used > columns) {
            break;
        }
        kept += character.bytes;
    }
    return std::string(utf8.substr(0, kept)) + "…";
}

std::string printable(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    while (!text.empty()) {
        const auto character = first_character(text);
        if (character.is_valid && !is_control(character.code_point)) {
            safe += text.substr(0, character.bytes);
        } else {
            safe += '?';
        }
        text.remove_prefix(character.bytes);
    }
    return safe;
}

std::string printable_lines(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    while (!text.empty()) {
        const auto end = text.find('\n');
        safe += printable(text.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        safe += '\n';
        text.remove_prefix(end + 1);
    }
    return safe;
}

}  // namespace mirrorwarden
