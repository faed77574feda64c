#include "model/host_pause.hpp"

#include <algorithm>

namespace model {

PauseDecision decide_pause(const PauseFacts& facts) noexcept {
    using std::chrono::milliseconds;
    constexpr int too_many_requests = 429;
    constexpr int unavailable = 503;
    constexpr std::chrono::seconds pause_min{1};
    constexpr std::chrono::seconds pause_unnamed{5};
    const bool is_asked_for =
        facts.status == too_many_requests || (facts.status == unavailable && facts.retry_after);
    if (!is_asked_for) {
        return {};
    }
    const milliseconds pause = std::max(facts.retry_after.value_or(pause_unnamed), pause_min);
    if (facts.paused + pause > facts.pause_max) {
        return {.step = PauseStep::come_later, .pause = {}};
    }
    return {.step = PauseStep::wait, .pause = pause};
}

}  // namespace model
