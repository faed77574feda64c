#include "model/sha256.hpp"

#include <cstddef>

namespace model {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

/// -1 where it is no hexadecimal digit.
constexpr int value_of(char digit) noexcept {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

}  // namespace

std::string to_string(const Sha256& digest) {
    std::string text;
    text.reserve(2 * digest.bytes.size());
    for (const auto byte : digest.bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

std::optional<Sha256> parse_sha256(std::string_view text) noexcept {
    Sha256 digest;
    if (text.size() != 2 * digest.bytes.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        const int high = value_of(text[2 * i]);
        const int low = value_of(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

}  // namespace model
