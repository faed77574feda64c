#include "prober/curl_shard.hpp"

#include "prober/curl_transfer.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <curl/curl.h>

#include <new>
#include <sys/epoll.h>
#include <utility>

namespace prober {

using boost::system::error_code;

namespace {

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

void cleanup_multi(void* multi) {
    curl_multi_cleanup(multi);
}

}  // namespace

CurlShard::CurlShard(const asio::any_io_executor& executor, CurlSockets& sockets,
                     std::size_t connections_max)
    : executor_{executor},
      sockets_{sockets},
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
    sockets_.wait();
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
}

int CurlShard::on_socket(void* /*easy*/, int fd, int wanted, void* self, void* /*unused*/) {
    auto& shard = *static_cast<CurlShard*>(self);
    shard.sockets_.want(fd, to_events(wanted), shard);
    return 0;
}

int CurlShard::on_timer(void* /*multi*/, long timeout_ms, void* self) {
    static_cast<CurlShard*>(self)->move_timer(timeout_ms);
    return 0;
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

void CurlShard::act(int fd, int ready) {
    int running = 0;
    curl_multi_socket_action(multi_.get(), fd, ready, &running);
    finish_ended();
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
        sockets_.retire(fd);
    }
}

}  // namespace prober
