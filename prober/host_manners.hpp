#pragma once

#include "model/host_pause.hpp"
#include "model/host_rules.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace prober {

/// What one host, at one port, asked of us in this run, and how we keep to it. Knows no
/// clock: who asks says what time it is.
class HostManners {
public:
    using Clock = std::chrono::steady_clock;

    /// Nothing was asked of us: there is nothing to mind before a request.
    bool is_free() const noexcept { return !is_bound_; }

    void set_rules(model::HostRules);
    /// Empty: it has none, or they are not known yet.
    const std::optional<model::HostRules>& rules() const noexcept { return rules_; }
    bool disallows(std::string_view path) const noexcept;

    /// An answer that may ask for time; `pause_max`: of all its pauses together.
    model::PauseStep heed(int status, std::optional<std::chrono::seconds> retry_after,
                          std::chrono::milliseconds pause_max, Clock::time_point now);
    bool is_paused(Clock::time_point now) const noexcept { return now < not_before_; }
    /// It asked for more time than a run has.
    bool is_put_off() const noexcept { return is_put_off_; }

    /// When the next request may start; that time is taken then.
    Clock::time_point take_turn(Clock::time_point now);

private:
    bool is_bound_ = false;
    bool is_put_off_ = false;
    std::optional<model::HostRules> rules_;
    Clock::time_point not_before_;  // of pauses
    Clock::time_point next_turn_;   // of so many requests a second
    std::chrono::milliseconds paused_{};
};

}  // namespace prober
