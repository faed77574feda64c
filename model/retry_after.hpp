#pragma once

#include "model/timestamp.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace model {

/// How long a Retry-After header asks to wait: "120", or a date such as
/// "Fri, 31 Dec 1999 23:59:59 GMT"; none or past: 0. Longer than a year is a year. Empty
/// if it is neither. Source: RFC 9110, 10.2.3.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view, Timestamp now);

}  // namespace model
