#include "tools/workers/retry_pause.hpp"

#include <algorithm>

namespace workers {
namespace {

constexpr int doublings_max = 16;  // beyond the longest pause, and far from overflow

}  // namespace

std::chrono::milliseconds retry_pause(int failures, double chance,
                                      std::optional<std::chrono::seconds> retry_after) noexcept {
    const int doublings = std::clamp(failures - 1, 0, doublings_max);
    const std::chrono::milliseconds whole =
        std::min<std::chrono::milliseconds>(std::chrono::seconds(1 << doublings), retry_pause_max);
    const auto left_out = static_cast<std::chrono::milliseconds::rep>(
        static_cast<double>(whole.count()) / 2 * std::clamp(chance, 0.0, 1.0));
    const auto pause = whole - std::chrono::milliseconds(left_out);
    const std::chrono::milliseconds asked =
        std::min(retry_after.value_or(std::chrono::seconds(0)), retry_after_max);
    return std::max(pause, asked);
}

}  // namespace workers
