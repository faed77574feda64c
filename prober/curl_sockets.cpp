#include "prober/curl_sockets.hpp"

#include "prober/curl_shard.hpp"

#include <boost/system/error_code.hpp>
#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>

namespace prober {

using boost::system::error_code;

namespace {

int open_epoll() {
    const int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category(), "open an epoll set");
    }
    return fd;
}

int to_ready(std::uint32_t events) noexcept {
    int ready = 0;
    if ((events & (EPOLLIN | EPOLLHUP)) != 0) {
        ready |= CURL_CSELECT_IN;
    }
    if ((events & EPOLLOUT) != 0) {
        ready |= CURL_CSELECT_OUT;
    }
    if ((events & EPOLLERR) != 0) {
        ready |= CURL_CSELECT_ERR;
    }
    return ready;
}

}  // namespace

CurlSockets::CurlSockets(const asio::any_io_executor& executor)
    : poll_{executor, open_epoll()}, is_alive_{std::make_shared<bool>(true)} {}

CurlSockets::~CurlSockets() {
    *is_alive_ = false;
}

CurlSockets::Socket& CurlSockets::socket(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= sockets_.size()) {
        sockets_.resize(index + 1);
    }
    return sockets_[index];
}

int CurlSockets::open(int family, int type, int protocol, HostSockets& host) {
    if (host.open.size() >= host.open_max) {
        retire_idle(host);
    }
    const int fd = ::socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd >= 0) {
        socket(fd) = {.wanted = 0, .registered = 0, .shard = nullptr, .host = &host};
        host.open.push_back(fd);
    }
    return fd;
}

void CurlSockets::close(int fd) {
    auto& entry = socket(fd);
    if (entry.host != nullptr) {
        std::erase(entry.host->open, fd);
    }
    entry = {};
    ::close(fd);
}

void CurlSockets::want(int fd, std::uint32_t events, CurlShard& shard) {
    auto& entry = socket(fd);
    entry.wanted = events;
    entry.shard = &shard;
    if (events == 0 && entry.host == nullptr && entry.registered != 0) {
        // libcurl's own, of its resolver: it is closed without a word.
        unregister(fd);
    }
    if (events == 0 || events == entry.registered) {
        return;  // A connection stays registered while it is idle.
    }
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    const int change = entry.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(poll_.native_handle(), change, fd, &event) == 0) {
        entry.registered = events;
    }
    // Otherwise the time limit ends the transfer; the kernel refuses only when
    // it is out of memory or of watches.
}

void CurlSockets::unregister(int fd) {
    epoll_ctl(poll_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
    socket(fd).registered = 0;
}

void CurlSockets::retire_idle(HostSockets& host) {
    const auto idle = std::find_if(host.open.begin(), host.open.end(),
                                   [this](int fd) { return socket(fd).wanted == 0; });
    if (idle != host.open.end()) {
        retire(*idle);
    }
}

void CurlSockets::retire(int fd) {
    auto& entry = socket(fd);
    if (entry.wanted != 0 || entry.host == nullptr) {
        return;  // in use again, or retired before
    }
    // The descriptor is libcurl's to close. The server sees the end now.
    ::shutdown(fd, SHUT_RDWR);
    std::erase(entry.host->open, fd);
    entry.host = nullptr;
}

void CurlSockets::wait() {
    is_wanted_ = true;
    if (!is_listening_) {
        listen();
    }
}

void CurlSockets::rest() {
    is_wanted_ = false;
    poll_.cancel();
}

void CurlSockets::listen() {
    is_listening_ = true;
    poll_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, is_alive = is_alive_](error_code ec) {
                         if (!*is_alive) {
                             return;
                         }
                         is_listening_ = false;
                         if (!ec) {
                             handle_ready();
                         }
                         if (is_wanted_) {
                             listen();
                         }
                     });
}

void CurlSockets::handle_ready() {
    constexpr int batch_max = 256;
    std::array<epoll_event, batch_max> events{};
    // One batch a turn, so that busy sockets do not starve timers and results.
    const int ready = epoll_wait(poll_.native_handle(), events.data(), batch_max, 0);
    for (int i = 0; i < ready; ++i) {
        const auto& event = events.at(static_cast<std::size_t>(i));
        handle(event.data.fd, event.events);
    }
}

void CurlSockets::handle(int fd, std::uint32_t events) {
    auto& entry = socket(fd);
    if (entry.registered == 0) {
        return;  // closed by an earlier event of this batch
    }
    if (entry.wanted == 0) {
        // A peer closed an idle connection. libcurl will notice when it wants
        // to use it; until then this would be reported again and again.
        unregister(fd);
        return;
    }
    entry.shard->act(fd, to_ready(events));
}

}  // namespace prober
