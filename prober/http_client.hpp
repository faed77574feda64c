#pragma once

#include "model/outcome.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace prober {

namespace asio = boost::asio;

/// Every bound that requests obey. Callers say all of them.
struct HttpLimits {
    std::size_t requests_max;           // at once, in all (N)
    std::size_t requests_per_host_max;  // at once, to one host name (M)
    std::chrono::milliseconds connect_timeout;
    std::chrono::milliseconds timeout;  // of one request of a chain, counted from when it starts
    int redirects_max;
    std::size_t header_bytes_max;
};

struct Answer {
    model::Outcome outcome;
    std::string final_url;       // where the last request went, if redirected; else empty
    std::string detail;          // libcurl's or the system's words on a failure; may be empty
    std::uint32_t requests = 0;  // really sent, redirects and second tries included
};

/// The right to have one request at a time under way to one host, and the
/// connection that goes with it. Destroying it hands both on.
class Lane {
public:
    virtual ~Lane() = default;

    /// HEAD, redirects followed, GET where HEAD is refused; never throws for what a
    /// server does. Cancelling the coroutine aborts the transfer.
    virtual asio::awaitable<Answer> head(std::string url) = 0;
};

/// Asks the network, within its limits. Abstract so that probing is tested
/// without one: curl_client.hpp (real), testing/scripted_http_client.hpp (fake).
/// One thread: that of the executor. Must outlive its lanes.
class HttpClient {
public:
    virtual ~HttpClient() = default;

    /// Waits until a request to the host of `url` is allowed. Where more lanes are
    /// asked for than there may be, those with the largest `work` (requests that
    /// are still to be made) come first.
    virtual asio::awaitable<std::unique_ptr<Lane>> open_lane(std::string url, std::size_t work) = 0;

    /// From now on, and for what is under way, every answer is `cancelled`.
    virtual void cancel() = 0;
};

}  // namespace prober
