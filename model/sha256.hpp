#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// A SHA-256 digest as a value; who computes it is not its business.
struct Sha256 {
    std::array<std::uint8_t, 32> bytes{};

    friend auto operator<=>(const Sha256&, const Sha256&) = default;
};

/// 64 lower-case hexadecimal digits.
std::string to_string(const Sha256&);
/// Reads 64 hexadecimal digits of either case, and nothing else.
std::optional<Sha256> parse_sha256(std::string_view) noexcept;

}  // namespace model
