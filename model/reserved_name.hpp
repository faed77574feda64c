#pragma once

#include <string_view>

namespace model {

/// Whether the status service needs the name for a path of its own, beside those that are called
/// as distributions are: "help", "api", "admin". A distribution cannot have it.
bool is_reserved_name(std::string_view) noexcept;

}  // namespace model
