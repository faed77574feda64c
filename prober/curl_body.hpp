#pragma once

#include "prober/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace prober {

/// What of a GET's body reaches the sink that its wish names.
class BodySink {
public:
    /// `wish` stays where it is for as long as pieces come.
    explicit BodySink(const GetRequest& wish) : wish_{&wish} {}

    /// Returns how much of the piece was taken; less than all of it: no more is wanted.
    std::size_t take(std::string_view piece);

    std::uint64_t bytes() const noexcept { return bytes_; }
    /// Whether there was more than was taken, or the sink had enough.
    bool is_cut() const noexcept { return is_cut_; }
    /// What the sink threw, once.
    std::exception_ptr take_error() noexcept { return std::exchange(error_, nullptr); }

private:
    bool hand_on(std::string_view piece);

    const GetRequest* wish_;
    std::uint64_t bytes_ = 0;
    bool is_cut_ = false;
    std::exception_ptr error_;
};

/// Sees to it that a body keeps coming: something in the first stretch of time, and in each one
/// after it at least as much as 1000 bytes a second are.
class BodyWatch {
public:
    struct Progress {
        bool has_begun = false;
        std::uint64_t bytes = 0;
    };
    struct Questions {
        std::function<Progress()> progress;
        std::function<void()> stalled;  // called at most once; may end the watch
    };

    BodyWatch(const boost::asio::any_io_executor&, std::chrono::milliseconds stretch, Questions);
    /// From now on nothing is asked or called.
    ~BodyWatch();
    BodyWatch(const BodyWatch&) = delete;
    BodyWatch& operator=(const BodyWatch&) = delete;

private:
    struct State;

    std::shared_ptr<State> state_;
};

}  // namespace prober
