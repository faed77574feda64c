#include "model/keyring_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace model {
namespace {

/// A packet of OpenPGP, or a blob of a keybox.
struct Part {
    unsigned kind = 0;
    std::size_t size = 0;  // with its head
};

std::uint8_t byte_at(std::string_view bytes, std::size_t place) noexcept {
    return static_cast<std::uint8_t>(bytes[place]);
}

/// Big-endian, at the beginning; empty where there are not so many bytes.
std::optional<std::size_t> number_of(std::string_view bytes, std::size_t width) noexcept {
    if (bytes.size() < width) {
        return std::nullopt;
    }
    std::size_t number = 0;
    for (std::size_t i = 0; i < width; ++i) {
        number = number << 8U | byte_at(bytes, i);
    }
    return number;
}

/// Empty where none begins there. One of a length that is not known beforehand is none of a key.
std::optional<Part> read_packet(std::string_view bytes) noexcept {
    constexpr unsigned is_packet = 0x80;
    constexpr unsigned is_new_form = 0x40;
    if (bytes.size() < 2 || (byte_at(bytes, 0) & is_packet) == 0) {
        return std::nullopt;
    }
    const unsigned tag = byte_at(bytes, 0);
    const unsigned first = byte_at(bytes, 1);
    bytes.remove_prefix(1);
    if ((tag & is_new_form) == 0) {
        constexpr unsigned of_unknown_length = 3;
        const std::size_t width = std::size_t{1} << (tag & 3U);
        const auto length = number_of(bytes, width);
        if ((tag & 3U) == of_unknown_length || !length) {
            return std::nullopt;
        }
        return Part{tag >> 2U & 0xfU, 1 + width + *length};
    }
    if (first < 192) {
        return Part{tag & 0x3fU, 2 + first};
    }
    if (first < 224) {
        const auto length = number_of(bytes, 2);
        return length ? std::optional{Part{tag & 0x3fU, 3 + *length - (192U << 8U) + 192}}
                      : std::nullopt;
    }
    const auto length = number_of(bytes.substr(1), 4);
    return first == 255 && length ? std::optional{Part{tag & 0x3fU, 6 + *length}} : std::nullopt;
}

std::optional<Part> read_blob(std::string_view bytes) noexcept {
    constexpr std::size_t head = 5;
    const auto size = number_of(bytes, 4);
    if (bytes.size() < head || !size || *size < head) {
        return std::nullopt;
    }
    return Part{byte_at(bytes, 4), *size};
}

}  // namespace

KeyringWorth judge_keyring(std::string_view bytes) noexcept {
    constexpr std::size_t magic_place = 8;
    constexpr std::string_view magic = "KBXf";
    constexpr unsigned public_key_packet = 6;
    constexpr unsigned openpgp_blob = 2;
    const bool is_keybox =
        bytes.size() > magic_place && bytes.substr(magic_place).starts_with(magic);
    const unsigned key = is_keybox ? openpgp_blob : public_key_packet;
    bool has_key = false;
    while (!bytes.empty()) {
        const auto part = is_keybox ? read_blob(bytes) : read_packet(bytes);
        if (!part || part->size > bytes.size()) {
            return has_key ? KeyringWorth::damaged : KeyringWorth::no_keys;
        }
        has_key = has_key || part->kind == key;
        bytes.remove_prefix(part->size);
    }
    return has_key ? KeyringWorth::keys : KeyringWorth::no_keys;
}

}  // namespace model
