#include "prober/host_manners.hpp"

#include <algorithm>
#include <utility>

namespace prober {

void HostManners::set_rules(model::HostRules rules) {
    is_bound_ |= rules.requests_per_second.has_value() || !rules.disallowed.empty();
    rules_ = std::move(rules);
}

bool HostManners::disallows(std::string_view path) const noexcept {
    return rules_ && model::is_disallowed(*rules_, path);
}

model::PauseStep HostManners::heed(int status, std::optional<std::chrono::seconds> retry_after,
                                   std::chrono::milliseconds pause_max, Clock::time_point now) {
    // Requests that were under way together are told to wait together: what is over
    // counts, and what is waited for already.
    const auto waiting = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(not_before_ - now, Clock::duration::zero()));
    const auto [step, pause] = model::decide_pause({.status = status,
                                                    .retry_after = retry_after,
                                                    .paused = paused_ - waiting,
                                                    .pause_max = pause_max});
    if (step == model::PauseStep::carry_on) {
        return step;
    }
    is_bound_ = true;
    if (step == model::PauseStep::come_later) {
        is_put_off_ = true;
    } else if (pause > waiting) {
        paused_ += pause - waiting;
        not_before_ = now + pause;
    }
    return step;
}

HostManners::Clock::time_point HostManners::take_turn(Clock::time_point now) {
    auto turn = std::max(now, not_before_);
    if (rules_ && rules_->requests_per_second) {
        turn = std::max(turn, next_turn_);
        const std::chrono::duration<double> apart(1 / *rules_->requests_per_second);
        next_turn_ = turn + std::chrono::duration_cast<Clock::duration>(apart);
    }
    return turn;
}

}  // namespace prober
