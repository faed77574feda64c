#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// A moment, always UTC. Microseconds, because archives publish with them.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Reads RFC 3339: "2005-09-15T11:42:02.870714Z", with `T` or one blank between
/// date and time, a fraction of up to 6 digits or none, and `Z`, `+00:00`,
/// another offset, or nothing (which means UTC). Empty if it is anything else,
/// or no real date. Years 1970 to 9999.
std::optional<Timestamp> parse_timestamp(std::string_view);

/// "2005-09-15T11:42:02Z"; with ".870714" before the Z where it is not zero.
std::string format_timestamp(Timestamp);

}  // namespace model
