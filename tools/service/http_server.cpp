#include "tools/service/http_server.hpp"

#include "model/text_rules.hpp"
#include "tools/service/answerer.hpp"
#include "tools/service/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <exception>
#include <list>
#include <stdexcept>
#include <sys/socket.h>
#include <unordered_map>
#include <utility>

namespace service {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

/// How late a deadline may be enforced.
constexpr std::chrono::milliseconds sweep_interval{100};
constexpr int backlog = 1024;

tcp::endpoint parse_endpoint(const std::string& text) {
    const auto colon = text.rfind(':');
    const bool has_port = colon != std::string::npos && colon + 1 < text.size();
    std::string host = text.substr(0, has_port ? colon : 0);
    if (host.size() > 2 && host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string::npos) {
        host.clear();  // an IPv6 address without brackets could have any port
    }
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto read = has_port ? std::from_chars(text.data() + colon + 1, end, port)
                               : std::from_chars_result{end, std::errc::invalid_argument};
    if (error || read.ec != std::errc() || read.ptr != end) {
        throw std::invalid_argument(fmt::format(
            "cannot listen on {}: write an address and a port, such as 127.0.0.1:8080 or "
            "[::1]:8080; port 0 takes a free one",
            model::in_quotes(text)));
    }
    return {address, port};
}

std::string url_of(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address().to_string();
    return endpoint.address().is_v6() ? fmt::format("http://[{}]:{}", address, endpoint.port())
                                      : fmt::format("http://{}:{}", address, endpoint.port());
}

/// `flag` is what names the address.
tcp::acceptor listen(asio::io_context& context, const std::string& text, std::string_view flag) {
    const auto endpoint = parse_endpoint(text);
    tcp::acceptor acceptor{context};
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    }
    if (!error && endpoint.address().is_v6()) {
        acceptor.set_option(asio::ip::v6_only(true), error);
    }
    if (!error) {
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(backlog, error);
    }
    if (error) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}: {}; is another program there? Name another with "
                        "{}",
                        text, error.message(), flag));
    }
    return acceptor;
}

tcp::acceptor take_over(asio::io_context& context, int descriptor) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    int is_listening = 0;
    socklen_t flag_size = sizeof is_listening;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets' own way
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    const bool is_tcp =
        ::getsockname(descriptor, plain, &size) == 0 &&
        (address.ss_family == AF_INET || address.ss_family == AF_INET6) &&
        ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &flag_size) == 0 &&
        is_listening != 0;
    if (!is_tcp) {
        throw std::runtime_error(fmt::format(
            "the descriptor {} that was handed to us is no TCP socket that listens; in the "
            "socket unit, ListenStream= must name a port",
            descriptor));
    }
    tcp::acceptor acceptor{context};
    acceptor.assign(address.ss_family == AF_INET ? tcp::v4() : tcp::v6(), descriptor);
    return acceptor;
}

}  // namespace

class HttpServer::Implementation {
public:
    Implementation(ServerOptions options, WorldWatch& watch, const Listening& listening)
        : options_{std::move(options)},
          watch_{watch},
          answerer_{context_.get_executor(), options_, watch_},
          signals_{context_, SIGTERM, SIGINT},
          sweeping_{context_} {
        for (const auto& proxy : options_.trusted_proxies) {
            trusted_.push_back(Network::parse(proxy));
        }
        for (const int descriptor : listening.descriptors) {
            entrances_.push_back({take_over(context_, descriptor), options_.routes});
        }
        for (const auto& address : listening.addresses) {
            entrances_.push_back({listen(context_, address, "--listen"), options_.routes});
        }
        for (const auto& address : listening.report_addresses) {
            entrances_.push_back(
                {listen(context_, address, "--reports-listen"), options_.report_routes});
        }
        if (options_.origin.empty()) {
            options_.origin = urls_of(options_.routes).front();
        }
    }

    std::vector<std::string> urls() const { return urls_of(options_.routes); }
    std::vector<std::string> report_urls() const { return urls_of(options_.report_routes); }

    void run(const std::function<void()>& stopping);

private:
    struct Client {
        Connection connection;
        std::string key;
    };
    using Clients = std::list<Client>;
    struct Entrance {
        tcp::acceptor acceptor;
        const std::vector<Route>& routes;  // what may be asked there
    };

    std::vector<std::string> urls_of(const std::vector<Route>&) const;
    asio::awaitable<void> accept(Entrance&);
    asio::awaitable<void> sweep();
    void note_figures(std::chrono::nanoseconds lag) const;
    asio::awaitable<void> wait_for_signal(const std::function<void()>& stopping);
    void admit(tcp::socket, const tcp::endpoint& peer, const std::vector<Route>&);
    bool has_room(const std::string& key, bool is_proxy);
    void leave(Clients::iterator);
    static void turn_away(tcp::socket);
    void spawn(asio::awaitable<void>);

    ServerOptions options_;
    WorldWatch& watch_;
    std::vector<Network> trusted_;
    asio::io_context context_{1};
    Answerer answerer_;
    asio::signal_set signals_;
    asio::steady_timer sweeping_;
    std::list<Entrance> entrances_;
    Clients clients_;                                                   // the oldest first
    std::unordered_map<std::string, std::size_t> counts_;               // of connections, by client
    std::optional<std::chrono::steady_clock::time_point> last_moment_;  // set when stopping
};

void HttpServer::Implementation::spawn(asio::awaitable<void> task) {
    asio::co_spawn(context_, std::move(task), [this](const std::exception_ptr& error) {
        try {
            if (error) {
                std::rethrow_exception(error);
            }
        } catch (const std::exception& fault) {
            options_.say_fault(fault.what());
        }
    });
}

void HttpServer::Implementation::run(const std::function<void()>& stopping) {
    watch_.start([this] { asio::post(context_, [this] { answerer_.forget_kept(); }); });
    for (auto& entrance : entrances_) {
        spawn(accept(entrance));
    }
    spawn(sweep());
    spawn(wait_for_signal(stopping));
    context_.run();
    watch_.stop();
}

std::vector<std::string> HttpServer::Implementation::urls_of(
    const std::vector<Route>& routes) const {
    std::vector<std::string> all;
    for (const auto& entrance : entrances_) {
        if (&entrance.routes == &routes) {
            all.push_back(url_of(entrance.acceptor.local_endpoint()));
        }
    }
    return all;
}

asio::awaitable<void> HttpServer::Implementation::accept(Entrance& entrance) {
    tcp::acceptor& acceptor = entrance.acceptor;
    asio::steady_timer pause{context_};
    while (acceptor.is_open()) {
        error_code error;
        tcp::endpoint peer;
        tcp::socket socket{context_};
        co_await acceptor.async_accept(socket, peer,
                                       asio::redirect_error(asio::use_awaitable, error));
        if (!error) {
            admit(std::move(socket), peer, entrance.routes);
        } else if (acceptor.is_open() && error != asio::error::connection_aborted) {
            // No descriptors or no memory: asking again at once would only spin.
            pause.expires_after(sweep_interval);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        }
    }
}

/// Where all places are taken, the client that has been silent for longest makes room.
bool HttpServer::Implementation::has_room(const std::string& key, bool is_proxy) {
    if (!is_proxy && counts_[key] >= options_.limits.connections_per_client) {
        return false;
    }
    if (clients_.size() < options_.limits.connections) {
        return true;
    }
    const auto idle = std::ranges::find_if(
        clients_, [](const Client& client) { return client.connection.is_idle(); });
    if (idle == clients_.end()) {
        return false;
    }
    idle->connection.cut();
    return true;
}

void HttpServer::Implementation::turn_away(tcp::socket socket) {
    constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer), ignored);
    socket.close(ignored);
}

void HttpServer::Implementation::admit(tcp::socket socket, const tcp::endpoint& peer,
                                       const std::vector<Route>& routes) {
    const auto address = plain_address(peer.address());
    const std::string key = client_key(address);
    const bool is_proxy = std::ranges::any_of(
        trusted_, [&](const Network& network) { return network.contains(address); });
    if (!has_room(key, is_proxy)) {
        if (counts_[key] == 0) {
            counts_.erase(key);
        }
        turn_away(std::move(socket));
        return;
    }
    const ConnectionContext context{answerer_, options_, trusted_, routes};
    clients_.push_back({{std::move(socket), address, context}, key});
    const auto client = std::prev(clients_.end());
    ++counts_[key];
    asio::co_spawn(context_, client->connection.run(),
                   [this, client](const std::exception_ptr& error) {
                       leave(client);
                       try {
                           if (error) {
                               std::rethrow_exception(error);
                           }
                       } catch (const std::exception& fault) {
                           options_.say_fault(fault.what());
                       }
                   });
}

void HttpServer::Implementation::leave(Clients::iterator client) {
    const auto count = counts_.find(client->key);
    if (--count->second == 0) {
        counts_.erase(count);
    }
    clients_.erase(client);
}

asio::awaitable<void> HttpServer::Implementation::sweep() {
    while (!last_moment_ || !clients_.empty()) {
        sweeping_.expires_after(sweep_interval);
        error_code ignored;
        co_await sweeping_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const auto now = std::chrono::steady_clock::now();
        note_figures(now - sweeping_.expiry());
        for (auto& client : clients_) {
            if (last_moment_ && now > *last_moment_) {
                client.connection.cut();
            } else {
                client.connection.enforce_deadline(now);
            }
        }
    }
}

void HttpServer::Implementation::note_figures(std::chrono::nanoseconds lag) const {
    if (const auto& figures = options_.figures) {
        figures->loop_lag_us = std::chrono::duration_cast<std::chrono::microseconds>(lag).count();
        figures->jobs = answerer_.jobs();
        figures->connections = clients_.size();
        figures->cache_bytes = answerer_.cache_bytes();
    }
}

asio::awaitable<void> HttpServer::Implementation::wait_for_signal(
    const std::function<void()>& stopping) {
    co_await signals_.async_wait(asio::use_awaitable);
    stopping();
    for (auto& entrance : entrances_) {
        error_code ignored;
        entrance.acceptor.close(ignored);
    }
    last_moment_ = std::chrono::steady_clock::now() + options_.limits.stop_time;
    for (auto& client : clients_) {
        client.connection.stop();
    }
}

HttpServer::HttpServer(ServerOptions options, WorldWatch& watch, const Listening& listening)
    : implementation_{std::make_unique<Implementation>(std::move(options), watch, listening)} {}

HttpServer::~HttpServer() = default;

std::vector<std::string> HttpServer::urls() const {
    return implementation_->urls();
}

std::vector<std::string> HttpServer::report_urls() const {
    return implementation_->report_urls();
}

void HttpServer::run(const std::function<void()>& stopping) {
    implementation_->run(stopping);
}

}  // namespace service
