#pragma once

#include "prober/curl_client.hpp"
#include "prober/testing/loopback_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace prober::testing {

/// Limits that a test can wait for.
inline HttpLimits quick_limits() {
    return {.requests_max = 300,
            .requests_per_host_max = 2,
            .connect_timeout = std::chrono::milliseconds{300},
            .timeout = std::chrono::milliseconds{300},
            .body_timeout = std::chrono::seconds{5},
            .pause_max = std::chrono::milliseconds{0},
            .redirects_max = 3,
            .header_bytes_max = 16'384};
}

/// A port at which nobody listens.
inline unsigned short unused_port() {
    asio::io_context context(1);
    const asio::ip::tcp::acceptor acceptor(
        context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    return acceptor.local_endpoint().port();
}

/// A loop with servers on it, and the real client.
class Network {
public:
    explicit Network(HttpLimits limits = quick_limits(), CurlSettings settings = {})
        : client_{make_curl_client(context_.get_executor(), limits, std::move(settings))} {}

    std::shared_ptr<LoopbackServer> start_server(const LoopbackServer::Options& options = {}) {
        auto server = std::make_shared<LoopbackServer>(context_.get_executor(), options);
        asio::co_spawn(context_, server->run(), asio::detached);
        return server;
    }

    /// Runs a coroutine to its end; the servers stand still before and after.
    template <class T>
    T run(asio::awaitable<T> work) {
        std::optional<T> result;
        std::exception_ptr error;
        asio::co_spawn(context_, std::move(work), [&](std::exception_ptr failure, T value) {
            error = failure;
            result = std::move(value);
            context_.stop();
        });
        context_.restart();
        context_.run();
        if (error) {
            std::rethrow_exception(error);
        }
        return std::move(result).value();
    }

    Answer head(const std::string& url) { return run(head_on_own_lane(*client_, url)); }

    GetAnswer get(GetRequest request) { return run(get_on_own_lane(*client_, std::move(request))); }

    /// One request on a lane that is opened for it.
    static asio::awaitable<GetAnswer> get_on_own_lane(HttpClient& client, GetRequest request) {
        const auto lane = co_await client.open_lane(request.url, 1);
        co_return co_await lane->get(std::move(request));
    }
    static asio::awaitable<Answer> head_on_own_lane(HttpClient& client, std::string url) {
        const auto lane = co_await client.open_lane(url, 1);
        co_return co_await lane->head(url);
    }

    asio::io_context& context() { return context_; }
    HttpClient& client() { return *client_; }

private:
    asio::io_context context_{1};
    std::unique_ptr<HttpClient> client_;
};

}  // namespace prober::testing
