#include "tools/mirrorwarden/result_writer.hpp"

#include <boost/asio/redirect_error.hpp>

namespace mirrorwarden {
namespace {

/// Enough that the worker never waits for the loop; each may be a megabyte.
constexpr std::size_t waiting_max = 4;

}  // namespace

ResultWriter::ResultWriter(asio::any_io_executor executor, Worker& worker, model::Store& store,
                           Stored stored)
    : executor_{std::move(executor)},
      worker_{worker},
      store_{store},
      stored_{std::move(stored)},
      news_{executor_, asio::steady_timer::time_point::max()} {}

asio::awaitable<void> ResultWriter::write(model::ProbeResult result) {
    co_await wait_for_less_than(waiting_max);
    ++waiting_;
    asio::co_spawn(executor_, store_one(std::move(result)), [this](std::exception_ptr error) {
        --waiting_;
        if (error && !failure_) {
            failure_ = error;
        }
        news_.cancel();
    });
}

asio::awaitable<void> ResultWriter::finish() {
    co_await wait_for_less_than(1);
}

asio::awaitable<void> ResultWriter::wait_for_less_than(std::size_t waiting) {
    while (waiting_ >= waiting) {
        boost::system::error_code woken;
        co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

asio::awaitable<void> ResultWriter::store_one(model::ProbeResult result) {
    auto call = [this, &result] { return store_.record_probe(result); };
    const auto probe = co_await worker_.run(std::move(call));
    result.log_gz = {};
    stored_(probe, std::move(result));
}

}  // namespace mirrorwarden
