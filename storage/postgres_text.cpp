#include "storage/postgres_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <variant>

namespace storage {
namespace {

// Source: pg_type.dat of PostgreSQL; these numbers never change.
constexpr unsigned int bytea_type = 17;
constexpr unsigned int int8_type = 20;
constexpr unsigned int int2_type = 21;
constexpr unsigned int int4_type = 23;

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\\x";
    text.reserve(2 + bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string from_hex(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
        unsigned int byte = 0;
        std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

}  // namespace

void PostgresTexts::set(std::size_t place, const Value& value) {
    const auto& content = value.content();
    std::string& owned = owned_[place];
    texts_[place] = nullptr;
    if (const auto* number = std::get_if<std::int64_t>(&content)) {
        std::array<char, 24> digits{};
        auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
        owned.assign(digits.data(), end);
    } else if (const auto* text = std::get_if<std::string_view>(&content)) {
        require_storable(*text);
        owned.assign(*text);
    } else if (const auto* blob = std::get_if<Blob>(&content)) {
        owned = to_hex(blob->bytes);
    } else {
        return;
    }
    texts_[place] = owned.c_str();
}

Row::Cell read_postgres_text(std::string_view text, unsigned int type) {
    switch (type) {
    case int8_type:
    case int4_type:
    case int2_type: {
        std::int64_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        return number;
    }
    case bytea_type: return from_hex(text);
    default: return std::string{text};
    }
}

}  // namespace storage
