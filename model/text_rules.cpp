#include "model/text_rules.hpp"

#include <algorithm>
#include <cstddef>

namespace model {
namespace {

constexpr std::size_t word_bytes_max = 100;
constexpr std::size_t path_bytes_max = 1'000;
constexpr std::size_t quoted_bytes_max = 60;

constexpr bool is_letter_or_digit(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
}

/// The first is a letter or digit, and so is the rest, or one of `others`.
bool is_word_of(std::string_view text, std::string_view others) noexcept {
    return !text.empty() && text.size() <= word_bytes_max && is_letter_or_digit(text.front()) &&
           std::all_of(text.begin(), text.end(), [others](char letter) {
               return is_letter_or_digit(letter) || others.find(letter) != std::string_view::npos;
           });
}

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;  // 0: not UTF-8
};

/// Source: RFC 3629, section 4.
CodePoint first_code_point(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
        return {};
    }
    char32_t value = lead & (0xFFU >> (bytes + 1));
    for (const char letter : text.substr(1, bytes - 1)) {
        const auto next = static_cast<unsigned char>(letter);
        if ((next & 0xC0U) != 0x80U) {
            return {};
        }
        value = (value << 6U) | (next & 0x3FU);
    }
    const bool is_overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (is_overlong || is_surrogate || value > 0x10FFFF) {
        return {};
    }
    return {value, bytes};
}

/// Also the line and paragraph separators, which some readers take for line ends.
constexpr bool is_control(char32_t value) noexcept {
    return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x2028 || value == 0x2029;
}

/// What makes a terminal or a reader see letters in another order than they stand.
constexpr bool turns_direction(char32_t value) noexcept {
    return (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
}

}  // namespace

bool is_plain_text(std::string_view text, Lines lines) noexcept {
    while (!text.empty()) {
        const auto [value, bytes] = first_code_point(text);
        if (bytes == 0) {
            return false;
        }
        const bool is_layout = value == '\n' || value == '\r' || value == '\t';
        if (is_control(value) && !(lines == Lines::many && is_layout)) {
            return false;
        }
        text.remove_prefix(bytes);
    }
    return true;
}

bool is_archive_word(std::string_view text) noexcept {
    return is_word_of(text, "+._-");
}

bool is_version(std::string_view text) noexcept {
    return is_word_of(text, "+._-:~");
}

bool is_relative_path(std::string_view text) noexcept {
    constexpr std::string_view others = "+._~:=,@^-";
    if (text.size() > path_bytes_max) {
        return false;
    }
    while (true) {
        const auto segment = text.substr(0, text.find('/'));
        const bool is_of_letters =
            std::all_of(segment.begin(), segment.end(), [others](char letter) {
                return is_letter_or_digit(letter) || others.find(letter) != std::string_view::npos;
            });
        if (segment.empty() || segment == "." || segment == ".." || !is_of_letters) {
            return false;
        }
        if (segment.size() == text.size()) {
            return true;
        }
        text.remove_prefix(segment.size() + 1);
    }
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    while (!text.empty()) {
        const auto [value, bytes] = first_code_point(text);
        if (result.size() + std::max<std::size_t>(bytes, 1) > quoted_bytes_max + 1) {
            result += "...";
            break;
        }
        if (bytes == 0 || is_control(value) || turns_direction(value)) {
            result += '?';
        } else {
            result += text.substr(0, bytes);
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return result + "\"";
}

}  // namespace model
