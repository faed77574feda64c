#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace model {

/// RFC 4648, section 4, padded, on one line.
std::string to_base64(std::string_view bytes);

/// Whole groups of four, without blanks. Empty if it is anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace model
