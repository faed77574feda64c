#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace prober {

namespace asio = boost::asio;

/// Notices when the event loop runs late, so that its own slowness is not taken
/// for that of a mirror. Ticks only while there is something to watch.
class LoopLag {
public:
    using Clock = std::chrono::steady_clock;

    /// `is_needed` is asked at each tick; the ticking ends when it says no.
    LoopLag(const asio::any_io_executor&, std::function<bool()> is_needed);
    ~LoopLag();
    LoopLag(const LoopLag&) = delete;
    LoopLag& operator=(const LoopLag&) = delete;

    /// Ticks from now on, if it does not already.
    void watch();
    void stop();

    /// The worst lateness that touched the time from `start` until now; less than
    /// a tick's length may go unseen.
    std::chrono::milliseconds worst_since(Clock::time_point start) const;

private:
    struct Delay {
        Clock::time_point end;
        Clock::duration lateness{};
    };

    void wait();

    static constexpr std::size_t delays_kept = 64;

    asio::steady_timer timer_;
    std::function<bool()> is_needed_;
    bool is_watching_ = false;
    std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
    std::array<Delay, delays_kept> delays_{};  // a ring
    std::size_t delays_noted_ = 0;
};

}  // namespace prober
