#include "prober/testing/network.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace prober::testing {

unsigned short unused_port() {
    asio::io_context context(1);
    const asio::ip::tcp::acceptor acceptor(
        context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    return acceptor.local_endpoint().port();
}

std::shared_ptr<LoopbackServer> Network::start_server(const LoopbackServer::Options& options) {
    auto server = std::make_shared<LoopbackServer>(context_.get_executor(), options);
    asio::co_spawn(context_, server->run(), asio::detached);
    return server;
}

Answer Network::head(const std::string& url) {
    return run(head_on_own_lane(*client_, url));
}

GetAnswer Network::get(GetRequest request) {
    return run(get_on_own_lane(*client_, std::move(request)));
}

asio::awaitable<GetAnswer> Network::get_on_own_lane(HttpClient& client, GetRequest request) {
    const auto lane = co_await client.open_lane(request.url, 1);
    co_return co_await lane->get(std::move(request));
}

asio::awaitable<Answer> Network::head_on_own_lane(HttpClient& client, std::string url) {
    const auto lane = co_await client.open_lane(url, 1);
    co_return co_await lane->head(url);
}

}  // namespace prober::testing
