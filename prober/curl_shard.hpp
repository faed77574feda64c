#pragma once

#include "prober/curl_sockets.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace prober {

class CurlTransfer;

/// One of libcurl's multi handles, driven by the loop. libcurl looks at all connections
/// of a handle again and again, so there are several.
class CurlShard {
public:
    /// `sockets` outlives it.
    CurlShard(const asio::any_io_executor&, CurlSockets& sockets, std::size_t connections_max);
    ~CurlShard();
    CurlShard(const CurlShard&) = delete;
    CurlShard& operator=(const CurlShard&) = delete;

    /// Starts a transfer; its `finish` is called from the loop. It must stay where
    /// it is until then, or until `stop`.
    void start(CurlTransfer&);
    /// Abandons a transfer; nothing happens if it is not under way.
    void stop(CurlTransfer&);

    bool is_idle() const noexcept { return under_way_.empty(); }
    const std::vector<CurlTransfer*>& under_way() const noexcept { return under_way_; }

    /// Takes nothing more from the loop until the next `start`, so that the loop can end.
    void rest();

    CurlSockets& sockets() const noexcept { return sockets_; }
    /// Has libcurl act on a socket that is `ready`: CURL_CSELECT_IN and the like.
    void act(int fd, int ready);

private:
    static int on_socket(void* easy, int fd, int wanted, void* self, void* unused);
    static int on_timer(void* multi, long timeout_ms, void* self);

    void move_timer(long timeout_ms);
    void wait_for_timer();
    void finish_ended();
    void forget(CurlTransfer&);
    void retire_ftp(const CurlTransfer& transfer);

    asio::any_io_executor executor_;
    CurlSockets& sockets_;
    asio::steady_timer timer_;
    std::chrono::steady_clock::time_point deadline_;  // libcurl's; the timer may fire earlier
    bool has_deadline_ = false;
    bool is_timer_armed_ = false;
    bool is_kick_posted_ = false;
    std::vector<CurlTransfer*> under_way_;
    std::shared_ptr<bool> is_alive_;                // false for a kick that comes after our end
    std::unique_ptr<void, void (*)(void*)> multi_;  // last: its end closes sockets
};

}  // namespace prober
