#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// A span of time in people's units, the two largest that matter, rounded down:
/// "0 s", "40 s", "12 min", "3 h 20 min", "2 d 4 h", "21 d". Negative ones get a "-".
std::string duration_text(std::chrono::seconds);

/// Reads "30m", "6h", "7d" or "2w" (minutes, hours, days, weeks): a whole number of at
/// most ten years and one letter. Empty if it is anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view);

/// What `parse_duration` reads, in the largest unit that is exact: "36h", "7d"; seconds
/// that are no whole minutes are left out.
std::string format_duration(std::chrono::seconds);

}  // namespace model
