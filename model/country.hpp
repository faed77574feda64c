#pragma once

#include <string_view>

namespace model {

/// The country's name in English, "Brazil" for "BR"; empty if there is no such
/// ISO 3166-1 alpha-2 code (upper case).
/// Source: Debian's iso-codes, at build time.
std::string_view country_name(std::string_view code) noexcept;

}  // namespace model
