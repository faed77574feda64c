#pragma once

#include "prober/curl_client.hpp"
#include "prober/testing/loopback_server.hpp"
#include "prober/testing/run.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
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
unsigned short unused_port();

/// A loop with servers on it, and the real client.
class Network {
public:
    explicit Network(HttpLimits limits = quick_limits(), CurlSettings settings = {})
        : client_{make_curl_client(context_.get_executor(), limits, std::move(settings))} {}

    std::shared_ptr<LoopbackServer> start_server(const LoopbackServer::Options& options = {});

    /// Runs a coroutine to its end; the servers stand still before and after.
    template <class T>
    T run(asio::awaitable<T> work) {
        return result_of(run_until_ended, context_, std::move(work));
    }

    Answer head(const std::string& url);

    GetAnswer get(GetRequest request);

    /// One request on a lane that is opened for it.
    static asio::awaitable<GetAnswer> get_on_own_lane(HttpClient& client, GetRequest request);
    static asio::awaitable<Answer> head_on_own_lane(HttpClient& client, std::string url);

    asio::io_context& context() { return context_; }
    HttpClient& client() { return *client_; }

private:
    asio::io_context context_{1};
    std::unique_ptr<HttpClient> client_;
};

}  // namespace prober::testing
