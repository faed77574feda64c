#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace model {

/// How a host answered, and what it has cost to wait for it so far.
struct PauseFacts {
    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
    std::chrono::milliseconds paused{};     // for this host in this run
    std::chrono::milliseconds pause_max{};  // for one host in one run
};

enum class PauseStep : std::uint8_t {
    carry_on,    // the answer is what it says of its file, and no more
    wait,        // and ask again
    come_later,  // another time: the host is not asked again in this run
};

struct PauseDecision {
    PauseStep step = PauseStep::carry_on;
    std::chrono::milliseconds pause{};  // only with `wait`

    friend bool operator==(const PauseDecision&, const PauseDecision&) = default;
};

/// What to do about a host that asks for time: 429, or 503 with a Retry-After. A pause is a
/// second at least, so that nobody is asked again and again, and five where a 429 does not
/// say how long.
PauseDecision decide_pause(const PauseFacts&) noexcept;

}  // namespace model
