#include "prober/loop_lag.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <utility>

namespace prober {
namespace {

constexpr std::chrono::milliseconds tick{50};

}  // namespace

LoopLag::LoopLag(const asio::any_io_executor& executor, std::function<bool()> is_needed)
    : timer_{executor}, is_needed_{std::move(is_needed)} {}

LoopLag::~LoopLag() {
    *is_alive_ = false;
}

void LoopLag::watch() {
    if (is_watching_) {
        return;
    }
    is_watching_ = true;
    timer_.expires_after(tick);
    wait();
}

void LoopLag::stop() {
    is_watching_ = false;
    timer_.cancel();
}

void LoopLag::wait() {
    timer_.async_wait([this, is_alive = is_alive_](boost::system::error_code ec) {
        if (ec || !*is_alive) {
            return;
        }
        const auto now = Clock::now();
        const auto lateness = now - timer_.expiry();
        if (lateness > tick) {  // below that nothing is ever decided from it
            delays_.at(delays_noted_++ % delays_kept) = {.end = now, .lateness = lateness};
        }
        is_watching_ = is_needed_();
        if (is_watching_) {
            timer_.expires_at(now + tick);
            wait();
        }
    });
}

std::chrono::milliseconds LoopLag::worst_since(Clock::time_point start) const {
    auto worst = Clock::duration::zero();
    if (is_watching_) {
        // Who asks may run before the late tick does.
        worst = std::max(worst, Clock::now() - timer_.expiry());
    }
    for (const auto& delay : delays_) {
        if (delay.end > start) {
            worst = std::max(worst, delay.lateness);
        }
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(worst);
}

}  // namespace prober
