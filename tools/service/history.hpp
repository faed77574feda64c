#pragma once

#include "tools/service/world.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace service {

/// The least that `thin_out` takes.
inline constexpr std::size_t points_least = 12;

/// At most `points_most` of the points (oldest first), as they are and in order: the first, the
/// last, and of each of equal spans of time the worst and the least lag, the longest probe, the
/// worst result and the least complete one. A plot of what is left has all the peaks.
std::vector<HistoryPoint> thin_out(std::span<const HistoryPoint>, std::size_t points_most);

}  // namespace service
