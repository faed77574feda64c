#include "model/plain_text.hpp"

#include <algorithm>
#include <cstdint>

namespace model {
namespace {

constexpr std::size_t line_width = 76;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

std::uint32_t byte_at(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]);
}

/// What the first byte of a character promises.
struct Lead {
    std::size_t length;
    std::uint32_t bits;
    std::uint32_t code_min;  // a shorter form must have been used below it
};

Lead lead_of(std::uint32_t byte) noexcept {
    if (byte < 0x80) {
        return {1, byte, 0};
    }
    if (byte >= 0xC0 && byte < 0xE0) {
        return {2, byte & 0x1F, 0x80};
    }
    if (byte >= 0xE0 && byte < 0xF0) {
        return {3, byte & 0x0F, 0x800};
    }
    if (byte >= 0xF0 && byte < 0xF8) {
        return {4, byte & 0x07, 0x10000};
    }
    return {0, 0, 0};
}

bool is_control(std::uint32_t code) noexcept {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

std::size_t count_characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0) != 0x80; }));
}

}  // namespace

Character first_character(std::string_view text) noexcept {
    constexpr Character invalid{.length = 1, .is_valid = false, .is_control = false};
    const Lead lead = lead_of(byte_at(text, 0));
    if (lead.length == 0 || lead.length > text.size()) {
        return invalid;
    }
    std::uint32_t code = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const std::uint32_t byte = byte_at(text, i);
        if ((byte & 0xC0) != 0x80) {
            return invalid;
        }
        code = (code << 6) | (byte & 0x3F);
    }
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (code < lead.code_min || is_surrogate || code > 0x10FFFF) {
        return invalid;
    }
    return {.length = lead.length, .is_valid = true, .is_control = is_control(code)};
}

std::string one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    while (!text.empty()) {
        const Character character = first_character(text);
        if (!character.is_valid) {
            line += replacement;
        } else if (character.is_control) {
            line += ' ';
        } else {
            line += text.substr(0, character.length);
        }
        text.remove_prefix(character.length);
    }
    return line;
}

std::string wrap(std::string_view text, Indent indent) {
    std::string wrapped{indent.first};
    std::size_t column = count_characters(indent.first);
    bool line_is_empty = true;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (word.empty()) {
            continue;
        }
        const std::size_t width = count_characters(word);
        if (!line_is_empty && column + 1 + width > line_width) {
            wrapped += '\n';
            wrapped += indent.others;
            column = count_characters(indent.others);
            line_is_empty = true;
        }
        if (!line_is_empty) {
            wrapped += ' ';
            ++column;
        }
        wrapped += word;
        column += width;
        line_is_empty = false;
    }
    return wrapped + '\n';
}

}  // namespace model
