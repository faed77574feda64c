#include "prober/curl_body.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <optional>

namespace prober {
namespace {

constexpr std::uint64_t bytes_per_second_min = 1000;

}  // namespace

std::size_t BodySink::take(std::string_view piece) {
    const auto room = wish_->bytes_max - bytes_;
    const auto wanted = piece.substr(0, std::min<std::uint64_t>(room, piece.size()));
    is_cut_ = wanted.size() < piece.size();
    if (!wanted.empty() && !hand_on(wanted)) {
        is_cut_ = true;
    }
    return is_cut_ ? 0 : piece.size();
}

bool BodySink::hand_on(std::string_view piece) {
    bytes_ += piece.size();
    try {
        return wish_->sink(piece);
    } catch (...) {
        error_ = std::current_exception();  // libcurl's frames are no place for it
        return false;
    }
}

/// libcurl's own limit of speed counts in seconds, and lets a drip of headers pass.
struct BodyWatch::State {
    boost::asio::steady_timer timer;
    std::chrono::milliseconds stretch;
    Questions questions;
    bool is_over = false;

    /// `bytes_before`: at the beginning of the stretch; none: it is the first.
    static void wait(const std::shared_ptr<State>& state,
                     std::optional<std::uint64_t> bytes_before) {
        state->timer.expires_after(state->stretch);
        state->timer.async_wait([state, bytes_before](boost::system::error_code ec) {
            if (!ec && !state->is_over) {
                look(state, bytes_before);
            }
        });
    }

    static void look(const std::shared_ptr<State>& state,
                     std::optional<std::uint64_t> bytes_before) {
        const auto bytes_wanted =
            bytes_per_second_min * static_cast<std::uint64_t>(state->stretch.count()) / 1000;
        const auto progress = state->questions.progress();
        // The first stretch may have gone to the head alone.
        const bool is_fast = !bytes_before || progress.bytes - *bytes_before >= bytes_wanted;
        if (progress.has_begun && is_fast) {
            wait(state, progress.bytes);
        } else {
            state->questions.stalled();
        }
    }
};

BodyWatch::BodyWatch(const boost::asio::any_io_executor& executor,
                     std::chrono::milliseconds stretch, Questions questions)
    : state_{std::make_shared<State>(State{.timer = boost::asio::steady_timer(executor),
                                           .stretch = stretch,
                                           .questions = std::move(questions)})} {
    State::wait(state_, std::nullopt);
}

BodyWatch::~BodyWatch() {
    state_->is_over = true;
    state_->timer.cancel();
}

}  // namespace prober
