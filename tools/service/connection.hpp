#pragma once

#include "tools/service/answerer.hpp"
#include "tools/service/client_address.hpp"
#include "tools/service/read_request.hpp"
#include "tools/service/server_options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// What connections of a server share.
struct ConnectionContext {
    Answerer& answerer;
    const ServerOptions& options;
    const std::vector<Network>& trusted;
    const std::vector<Route>& routes;  // what may be asked here
};

/// One client's connection: a straight line of requests and answers. It sets itself deadlines;
/// who holds it looks at them, and cuts it.
class Connection {
public:
    using Time = std::chrono::steady_clock::time_point;

    Connection(asio::ip::tcp::socket, asio::ip::address peer, const ConnectionContext&);

    /// Until the client leaves, is cut, or `stop` was called.
    asio::awaitable<void> run();

    /// Between two requests, with nothing of the next one there.
    bool is_idle() const noexcept { return is_idle_; }

    /// Ends what waits for the client, where that takes longer than it may.
    void enforce_deadline(Time now);

    /// Finishes the request under way and ends.
    void stop();

    /// Ends at once.
    void cut();

    const asio::ip::address& peer() const noexcept { return peer_; }

private:
    enum class Next { request, end };
    struct Parser;

    asio::awaitable<bool> wait_for_request();
    asio::awaitable<Next> serve_request();
    asio::awaitable<std::optional<Response>> read_head(Parser&, RequestHead&);
    asio::awaitable<std::optional<Response>> read_body(Parser&, const RequestHead&, Request&);
    asio::awaitable<std::optional<Response>> read_more(const char* what);
    asio::awaitable<Next> refuse(const RequestHead&, Response);
    asio::awaitable<bool> send(ReadyAnswer, const RequestHead&, bool keeps_alive);
    asio::awaitable<bool> write(std::string head, std::string_view body);
    asio::awaitable<void> linger();
    void expect_within(std::chrono::milliseconds);
    void log(const RequestHead&, int status, std::size_t bytes) const;

    asio::ip::tcp::socket socket_;
    asio::ip::address peer_;
    ConnectionContext context_;
    std::string unread_;  // came, and was not looked at
    std::string client_;  // of the request under way, for the log
    Time began_;          // the request under way
    std::optional<Time> deadline_;
    bool is_late_ = false;
    bool is_idle_ = false;
    bool is_stopping_ = false;
    bool has_left_ = false;  // the client
};

}  // namespace service
