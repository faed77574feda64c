#pragma once

#include <string_view>

namespace model {

/// The continent of a country, by its ISO 3166-1 alpha-2 code in upper case: "AF", "AN", "AS",
/// "EU", "NA", "OC" or "SA"; empty if there is no such country. Those on two lie where
/// GeoNames has them.
std::string_view continent_of(std::string_view country) noexcept;

}  // namespace model
