#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace service {

/// As a gzip file without name or time: the same for the same bytes.
std::string gzip(std::string_view bytes);

/// What a gzip file, or several after each other, holds. Empty where it is damaged, or holds
/// more than `bytes_max`.
std::optional<std::string> gunzip(std::string_view file, std::size_t bytes_max);

}  // namespace service
