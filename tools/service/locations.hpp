#pragma once

#include "tools/service/router.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace service {

/// The country of an IP address, as ISO 3166-1 spells it; empty: nobody knows.
using Locate = std::function<std::optional<std::string>(const std::string& address)>;

/// By a database in MaxMind's format that knows countries. Throws `std::runtime_error`, for
/// people, where the file is none.
/// Source: MaxMind DB File Format Specification, version 2.0.
Locate open_location_database(const std::string& path);

/// Has the lists of mirrors take the parameter `from`, an address near which they begin.
void locate_clients(std::vector<Route>&, const Locate&);

}  // namespace service
