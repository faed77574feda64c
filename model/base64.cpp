#include "model/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace model {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<unsigned> base64_digit(char letter) noexcept {
    const auto at = digits.find(letter);
    return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<unsigned>(at));
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::string_view three = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            bits = (bits << 8) | (j < three.size() ? static_cast<unsigned char>(three[j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            text += j <= three.size() ? digits[(bits >> (18 - 6 * j)) & 0x3F] : '=';
        }
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool is_last = at + 4 == text.size();
        std::size_t padding = 0;
        if (is_last && text[at + 3] == '=') {
            padding = text[at + 2] == '=' ? 2 : 1;
        }
        unsigned group = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto digit = i < 4 - padding ? base64_digit(text[at + i]) : std::optional(0U);
            if (!digit) {
                return std::nullopt;
            }
            group = group << 6U | *digit;
        }
        for (std::size_t i = 0; i < 3 - padding; ++i) {
            bytes += static_cast<char>(group >> (16U - 8U * i) & 0xffU);
        }
    }
    return bytes;
}

}  // namespace model
