#pragma once

#include "model/store.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace mirrorwarden {

namespace asio = boost::asio;

/// The thread on which the database is spoken to, so that the event loop never waits
/// for a disk. Calls are made one after the other.
class Worker {
public:
    /// Makes the call there; returns, or throws, here what it did.
    template <class Call>
    asio::awaitable<std::invoke_result_t<Call>> run(Call call) {
        auto there = make(std::move(call));
        co_return co_await asio::co_spawn(thread_.get_executor(), std::move(there),
                                          asio::use_awaitable);
    }

private:
    template <class Call>
    static asio::awaitable<std::invoke_result_t<Call>> make(Call call) {
        co_return call();
    }

    asio::thread_pool thread_{1};
};

/// Stores results while the run goes on, those together that came while the database
/// was busy. Lives on the loop's thread.
class ResultWriter {
public:
    /// `stored` is called, on the loop's thread, with each result that was stored,
    /// without its log, and the key of its probe.
    using Stored = std::function<void(model::ProbeId, model::ProbeResult)>;

    /// Called on the worker's thread, too, with how many were stored so far. May be empty.
    using Counted = std::function<void(std::size_t stored)>;

    ResultWriter(asio::any_io_executor, Worker&, model::Store&, Stored stored, Counted counted);

    /// Returns when the result is in line: at once, unless many wait already. Throws
    /// what storing an earlier one ended with.
    asio::awaitable<void> write(model::ProbeResult result);

    /// Waits until all are stored.
    asio::awaitable<void> finish();

private:
    bool is_full() const;
    asio::awaitable<void> wait_for_news();
    asio::awaitable<void> store_waiting();
    void begin_storing();

    asio::any_io_executor executor_;
    Worker& worker_;
    model::Store& store_;
    Stored stored_;
    Counted counted_;
    std::size_t count_ = 0;    // of the worker's thread
    asio::steady_timer news_;  // never fires: cancel() says that some were stored
    std::vector<model::ProbeResult> waiting_;
    bool is_storing_ = false;
    std::exception_ptr failure_;
};

}  // namespace mirrorwarden
