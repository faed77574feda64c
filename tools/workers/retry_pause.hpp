#pragma once

#include <chrono>
#include <optional>

namespace workers {

inline constexpr std::chrono::seconds retry_pause_max{60};
/// A service that asks for more is asked again after this.
inline constexpr std::chrono::seconds retry_after_max{600};

/// How long to wait after the `failures`th try in a row (from 1): a second, doubled each time,
/// `retry_pause_max` at most; a part of it up to half is left out by `chance` (0 to 1), so that
/// workers who lost the service together do not come back together. Never less than what the
/// service asked for.
std::chrono::milliseconds retry_pause(int failures, double chance,
                                      std::optional<std::chrono::seconds> retry_after) noexcept;

}  // namespace workers
