#include "prober/curl_shard.hpp"

#include "prober/curl_transfer.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <new>
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

std::uint32_t to_events(int wanted) noexcept {
    std::uint32_t events = 0;
    if (wanted == CURL_POLL_IN || wanted == CURL_POLL_INOUT) {
        events |= EPOLLIN;
    }
    if (wanted == CURL_POLL_OUT || wanted == CURL_POLL_INOUT) {
        events |= EPOLLOUT;
    }
    return events;
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

void cleanup_multi(void* multi) {
    curl_multi_cleanup(multi);
}

}  // namespace

CurlShard::CurlShard(const asio::any_io_executor& executor, std::size_t connections_max)
    : executor_{executor},
      poll_{executor, open_epoll()},
      timer_{executor},
      is_alive_{std::make_shared<bool>(true)},
      multi_{curl_multi_init(), cleanup_multi} {
    if (!multi_) {
        throw std::bad_alloc();
    }
    const auto connections = static_cast<long>(connections_max);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlShard::on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlShard::on_timer);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
}

CurlShard::~CurlShard() {
    *is_alive_ = false;
    while (!under_way_.empty()) {
        stop(*under_way_.back());
    }
}

void CurlShard::start(CurlTransfer& transfer) {
    wait_for_sockets();
    if (has_deadline_ && !is_timer_armed_) {
        timer_.expires_at(deadline_);
        wait_for_timer();
    }
    transfer.position = under_way_.size();
    under_way_.push_back(&transfer);
    curl_multi_add_handle(multi_.get(), transfer.easy());
}

void CurlShard::stop(CurlTransfer& transfer) {
    if (transfer.position != CurlTransfer::nowhere) {
        forget(transfer);
    }
}

void CurlShard::forget(CurlTransfer& transfer) {
    curl_multi_remove_handle(multi_.get(), transfer.easy());
    const auto position = std::exchange(transfer.position, CurlTransfer::nowhere);
    under_way_[position] = under_way_.back();
    under_way_[position]->position = position;
    under_way_.pop_back();
    transfer.position = CurlTransfer::nowhere;
}

void CurlShard::rest() {
    timer_.cancel();
    is_timer_armed_ = false;
    poll_.cancel();
}

int CurlShard::on_socket(void* /*easy*/, int fd, int wanted, void* self, void* /*unused*/) {
    static_cast<CurlShard*>(self)->want(fd, to_events(wanted));
    return 0;
}

int CurlShard::on_timer(void* /*multi*/, long timeout_ms, void* self) {
    static_cast<CurlShard*>(self)->move_timer(timeout_ms);
    return 0;
}

CurlShard::Socket& CurlShard::socket(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= sockets_.size()) {
        sockets_.resize(index + 1);
    }
    return sockets_[index];
}

void CurlShard::want(int fd, std::uint32_t wanted) {
    auto& entry = socket(fd);
    entry.wanted = wanted;
    if (wanted == 0 || wanted == entry.registered) {
        return;  // The socket stays registered while its connection is idle.
    }
    epoll_event event{};
    event.events = wanted;
    event.data.fd = fd;
    const int change = entry.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(poll_.native_handle(), change, fd, &event) == 0) {
        entry.registered = wanted;
    }
    // Otherwise the time limit ends the transfer; the kernel refuses only when
    // it is out of memory or of watches.
}

void CurlShard::move_timer(long timeout_ms) {
    has_deadline_ = timeout_ms >= 0;
    deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
    if (timeout_ms == 0 && !is_kick_posted_) {
        is_kick_posted_ = true;
        asio::post(executor_, [this, is_alive = is_alive_] {
            if (*is_alive) {
                is_kick_posted_ = false;
                act(CURL_SOCKET_TIMEOUT, 0);
            }
        });
    }
    if (timeout_ms <= 0) {
        return;  // A timer that is armed may fire for nothing: cheaper than moving it.
    }
    if (!is_timer_armed_ || deadline_ < timer_.expiry()) {
        timer_.expires_at(deadline_);
        wait_for_timer();
    }
}

void CurlShard::wait_for_timer() {
    is_timer_armed_ = true;
    timer_.async_wait([this, is_alive = is_alive_](error_code ec) {
        if (ec || !*is_alive) {
            return;
        }
        is_timer_armed_ = false;
        if (!has_deadline_) {
            return;
        }
        if (std::chrono::steady_clock::now() < deadline_) {
            timer_.expires_at(deadline_);
            wait_for_timer();
            return;
        }
        act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void CurlShard::wait_for_sockets() {
    if (is_waiting_) {
        return;
    }
    is_waiting_ = true;
    poll_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, is_alive = is_alive_](error_code ec) {
                         if (!*is_alive) {
                             return;
                         }
                         is_waiting_ = false;
                         if (!ec) {
                             handle_sockets();
                         }
                         if (!ec || !under_way_.empty()) {
                             wait_for_sockets();
                         }
                     });
}

void CurlShard::handle_sockets() {
    constexpr int batch_max = 256;
    std::array<epoll_event, batch_max> events{};
    // One batch a turn, so that a busy shard does not starve the others.
    const int ready = epoll_wait(poll_.native_handle(), events.data(), batch_max, 0);
    for (int i = 0; i < ready; ++i) {
        const auto& event = events.at(static_cast<std::size_t>(i));
        const int fd = event.data.fd;
        auto& entry = socket(fd);
        if (entry.registered == 0) {
            continue;  // closed by an earlier event of this batch
        }
        if (entry.wanted == 0) {
            // A peer closed an idle connection. libcurl will notice when it wants
            // to use it; until then this would be reported again and again.
            epoll_ctl(poll_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
            entry.registered = 0;
            continue;
        }
        act(fd, to_ready(event.events));
    }
    finish_ended();
}

void CurlShard::act(int fd, int ready) {
    int running = 0;
    curl_multi_socket_action(multi_.get(), fd, ready, &running);
    if (fd == CURL_SOCKET_TIMEOUT) {
        finish_ended();
    }
}

void CurlShard::finish_ended() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        void* owner = nullptr;
        const int code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        auto& transfer = *static_cast<CurlTransfer*>(owner);
        retire_ftp(transfer);
        forget(transfer);
        transfer.finish(code);
    }
}

/// libcurl says goodbye to an ftp server before it closes a connection, and stops
/// the loop until the answer has come. On a connection that has ended it cannot.
void CurlShard::retire_ftp(const CurlTransfer& transfer) {
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (transfer.end().is_ftp) {
        curl_easy_getinfo(transfer.easy(), CURLINFO_ACTIVESOCKET, &fd);
    }
    if (fd != CURL_SOCKET_BAD) {
        retire(fd);
    }
}

int CurlShard::open_socket(int family, int type, int protocol, HostSockets& host) {
    if (host.open.size() >= host.open_max) {
        retire_idle(host);
    }
    const int fd = ::socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd >= 0) {
        socket(fd) = {.wanted = 0, .registered = 0, .host = &host};
        host.open.push_back(fd);
    }
    return fd;
}

void CurlShard::retire_idle(HostSockets& host) {
    const auto idle = std::find_if(host.open.begin(), host.open.end(),
                                   [this](int fd) { return socket(fd).wanted == 0; });
    if (idle != host.open.end()) {
        retire(*idle);
    }
}

void CurlShard::retire(int fd) {
    auto& entry = socket(fd);
    if (entry.wanted != 0 || entry.host == nullptr) {
        return;  // in use again, or retired before
    }
    // The descriptor is libcurl's to close. The server sees the end now.
    ::shutdown(fd, SHUT_RDWR);
    std::erase(entry.host->open, fd);
    entry.host = nullptr;
}

void CurlShard::close_socket(int fd) {
    auto& entry = socket(fd);
    if (entry.host != nullptr) {
        std::erase(entry.host->open, fd);
    }
    entry = {};
    ::close(fd);
}

}  // namespace prober
