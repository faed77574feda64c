#include "tools/mirrorwarden/result_writer.hpp"

#include <boost/asio/redirect_error.hpp>

namespace mirrorwarden {
namespace {

/// A transaction costs PostgreSQL as much as a thousand rows, so some share one; the log of
/// each may be a megabyte.
constexpr std::size_t waiting_max = 16;
/// Of mirrors with many rows fewer wait, so that they need no more memory.
constexpr std::size_t rows_waiting_max = 4096;

bool is_full(const std::vector<model::ProbeResult>& waiting) {
    std::size_t rows = 0;
    for (const auto& result : waiting) {
        rows += result.rows.size();
    }
    return waiting.size() >= waiting_max || rows >= rows_waiting_max;
}

}  // namespace

ResultWriter::ResultWriter(asio::any_io_executor executor, Worker& worker, model::Store& store,
                           Stored stored, Counted counted)
    : executor_{std::move(executor)},
      worker_{worker},
      store_{store},
      stored_{std::move(stored)},
      counted_{std::move(counted)},
      news_{executor_, asio::steady_timer::time_point::max()} {}

asio::awaitable<void> ResultWriter::write(model::ProbeResult result) {
    while (is_full(waiting_) && !failure_) {
        co_await wait_for_news();
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    waiting_.push_back(std::move(result));
    if (!is_storing_) {
        begin_storing();
    }
}

asio::awaitable<void> ResultWriter::finish() {
    while (is_storing_) {
        co_await wait_for_news();
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

asio::awaitable<void> ResultWriter::wait_for_news() {
    boost::system::error_code woken;
    co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

void ResultWriter::begin_storing() {
    is_storing_ = true;
    asio::co_spawn(executor_, store_waiting(), [this](std::exception_ptr error) {
        is_storing_ = false;
        if (error) {
            failure_ = error;
        }
        news_.cancel();
    });
}

asio::awaitable<void> ResultWriter::store_waiting() {
    while (!waiting_.empty()) {
        auto results = std::exchange(waiting_, {});
        news_.cancel();
        auto call = [this, &results] {
            auto ids = store_.record_probes(results);
            count_ += results.size();
            if (counted_) {
                counted_(count_);
            }
            return ids;
        };
        const auto probes = co_await worker_.run(std::move(call));
        for (std::size_t i = 0; i < results.size(); ++i) {
            results[i].log_gz = {};
            stored_(probes[i], std::move(results[i]));
        }
    }
}

}  // namespace mirrorwarden
