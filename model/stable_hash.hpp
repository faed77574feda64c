#pragma once

#include <cstdint>
#include <string_view>

namespace model {

/// A number that a text has for ever, on every machine: what is kept may depend on it.
/// Source: FNV-1a, 64 bits.
constexpr std::uint64_t stable_hash(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3;
    }
    return hash;
}

}  // namespace model
