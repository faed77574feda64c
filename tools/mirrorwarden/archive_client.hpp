#pragma once

#include "prober/http_client.hpp"
#include "prober/refresh_suite.hpp"
#include "tools/mirrorwarden/probe_options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace mirrorwarden {

/// What is read of a primary archive at most; far above what any has.
prober::RefreshLimits refresh_limits();

/// Asks primary archives one question after the other, each to its end. SIGINT, SIGTERM and
/// SIGHUP end the question that is under way, and all after it.
class ArchiveClient {
public:
    explicit ArchiveClient(const ProbeOptions&);
    ~ArchiveClient();

    prober::HttpClient& http() noexcept { return *client_; }

    bool is_interrupted() const noexcept { return is_interrupted_; }

    /// Runs the coroutine, and returns what it returns or throws what it throws.
    template <class T>
    T ask(boost::asio::awaitable<T> question) {
        std::optional<T> answer;
        run(keep(std::move(question), answer));
        return std::move(answer).value();
    }

private:
    template <class T>
    static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> question,
                                             std::optional<T>& answer) {
        answer = co_await std::move(question);
    }

    void run(boost::asio::awaitable<void> question);
    void heed_signals();

    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_;
    std::unique_ptr<prober::HttpClient> client_;
    bool is_interrupted_ = false;
};

}  // namespace mirrorwarden
