#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace prober {

namespace asio = boost::asio;

class CurlTransfer;

/// The connections to one host that are open, whichever port they lead to.
struct HostSockets {
    std::size_t open_max = 0;
    std::vector<int> open;
};

/// One of libcurl's multi handles, driven by the loop.
///
/// libcurl gets slower with each connection that a handle has, so there are
/// several. Each has a private epoll set in which a socket stays for the life of
/// its connection: three quarters of the usual cost of libcurl on Asio is
/// adding and removing sockets, and moving the timer.
class CurlShard {
public:
    CurlShard(const asio::any_io_executor&, std::size_t connections_max);
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

    /// For libcurl, in its place: opens a socket, and closes the longest-open idle
    /// connection to the host where it already has as many as it may. Returns the
    /// socket, or -1 with errno.
    int open_socket(int family, int type, int protocol, HostSockets& host);
    void close_socket(int fd);

private:
    struct Socket {
        std::uint32_t wanted = 0;      // what libcurl waits for: EPOLLIN, EPOLLOUT
        std::uint32_t registered = 0;  // what the kernel was asked for
        HostSockets* host = nullptr;   // null once the connection no longer counts
    };

    static int on_socket(void* easy, int fd, int wanted, void* self, void* unused);
    static int on_timer(void* multi, long timeout_ms, void* self);

    Socket& socket(int fd);
    void want(int fd, std::uint32_t wanted);
    void move_timer(long timeout_ms);
    void wait_for_timer();
    void wait_for_sockets();
    void handle_sockets();
    void act(int fd, int ready);
    void finish_ended();
    void forget(CurlTransfer&);
    void retire_idle(HostSockets& host);
    void retire_ftp(const CurlTransfer& transfer);
    /// Ends a connection that is idle; libcurl finds it dead.
    void retire(int fd);

    asio::any_io_executor executor_;
    asio::posix::stream_descriptor poll_;  // the epoll set
    asio::steady_timer timer_;
    std::chrono::steady_clock::time_point deadline_;  // libcurl's; the timer may fire earlier
    bool has_deadline_ = false;
    bool is_timer_armed_ = false;
    bool is_kick_posted_ = false;
    bool is_waiting_ = false;
    std::vector<Socket> sockets_;  // by descriptor
    std::vector<CurlTransfer*> under_way_;
    std::shared_ptr<bool> is_alive_;                // false for a kick that comes after our end
    std::unique_ptr<void, void (*)(void*)> multi_;  // last: its end closes sockets
};

}  // namespace prober
