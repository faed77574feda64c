#include "tools/mirrorwarden/result_writer.hpp"

#include <boost/asio/redirect_error.hpp>

#include <thread>

namespace mirrorwarden {
namespace {

/// A transaction costs PostgreSQL as much as a thousand rows, so some share one; the log of
/// each may be a megabyte.
constexpr std::size_t waiting_max = 32;
/// So many rows wait, and as many are being stored; more only where one mirror has them.
constexpr std::size_t rows_max = 4096;

std::size_t count_rows(const std::vector<model::ProbeResult>& results) {
    std::size_t rows = 0;
    for (const auto& result : results) {
        rows += result.rows.size();
    }
    return rows;
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

bool ResultWriter::is_full() const {
    return waiting_.size() >= waiting_max || count_rows(waiting_) >= rows_max;
}

asio::awaitable<void> ResultWriter::write(model::ProbeResult result) {
    while (is_full() && !failure_) {
        co_await wait_for_news();
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    waiting_.push_back(std::move(result));
    if (!is_storing_) {
        begin_storing();
    }
    // On a machine of one core the database's thread would wait for a whole time slice.
    std::this_thread::yield();
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
