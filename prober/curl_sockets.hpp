#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace prober {

namespace asio = boost::asio;

class CurlShard;

/// The connections to one host that are open, whichever port they lead to.
struct HostSockets {
    std::size_t open_max = 0;
    std::vector<int> open;
};

/// The sockets of all shards, and what libcurl waits for on each. One thread.
///
/// They are in one private epoll set, where a socket stays for the life of its connection:
/// three quarters of the usual cost of libcurl on Asio is adding and removing sockets, and
/// moving the timer.
class CurlSockets {
public:
    explicit CurlSockets(const asio::any_io_executor& executor);
    ~CurlSockets();
    CurlSockets(const CurlSockets&) = delete;
    CurlSockets& operator=(const CurlSockets&) = delete;

    /// Opens a socket, and closes the longest-open idle connection to the host where it
    /// already has as many as it may. Returns the socket, or -1 with errno.
    int open(int family, int type, int protocol, HostSockets& host);
    void close(int fd);

    /// From now on `shard` acts when the socket is ready for that: EPOLLIN, EPOLLOUT, or
    /// 0 for nothing. It lives at least as long as the socket.
    void want(int fd, std::uint32_t events, CurlShard& shard);

    /// Ends a connection that is idle; libcurl finds it dead.
    void retire(int fd);

    /// Listens to the loop until `rest`.
    void wait();
    /// Takes nothing more from the loop until the next `wait`, so that the loop can end.
    void rest();

private:
    struct Socket {
        std::uint32_t wanted = 0;      // what libcurl waits for
        std::uint32_t registered = 0;  // what the kernel was asked for
        CurlShard* shard = nullptr;    // whose libcurl that is
        HostSockets* host = nullptr;   // null once the connection no longer counts
    };

    Socket& socket(int fd);
    void listen();
    void handle_ready();
    void handle(int fd, std::uint32_t events);
    void unregister(int fd);
    void retire_idle(HostSockets& host);

    asio::posix::stream_descriptor poll_;  // the epoll set
    std::vector<Socket> sockets_;          // by descriptor
    bool is_wanted_ = false;               // between `wait` and `rest`
    bool is_listening_ = false;
    std::shared_ptr<bool> is_alive_;  // false for what the loop tells after our end
};

}  // namespace prober
