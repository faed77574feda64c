#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <map>
#include <string>

using model::Outcome;
using model::OutcomeKind;
using prober::testing::Network;

namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

/// Replies by command, or by command and argument; 502 to what it does not know.
using Replies = std::map<std::string, std::string>;

const Replies usual{
    {"USER", "331 password"}, {"PASS", "230 hello"}, {"PWD", "257 \"/\""},
    {"CWD", "550 no folder"}, {"CWD pub", "250 ok"}, {"TYPE", "200 ok"},
    {"REST", "350 ok"},       {"SIZE", "550 gone"},  {"SIZE file", "213 5"},
};

Replies with(const std::string& command, const std::string& reply) {
    auto replies = usual;
    replies[command] = reply;
    return replies;
}

asio::awaitable<void> converse(tcp::socket socket, Replies replies) {
    std::string received;
    std::string reply = "220 welcome";
    for (;;) {
        reply += "\r\n";
        co_await asio::async_write(socket, asio::buffer(reply), use_awaitable);
        auto buffer = asio::dynamic_buffer(received);
        const auto length = co_await asio::async_read_until(socket, buffer, "\r\n", use_awaitable);
        const auto line = received.substr(0, length - 2);
        received.erase(0, length);
        reply = "502 unknown";
        for (const auto& key : {line, line.substr(0, line.find(' '))}) {
            if (const auto found = replies.find(key); found != replies.end()) {
                reply = found->second;
                break;
            }
        }
    }
}

asio::awaitable<void> serve(tcp::acceptor& acceptor, Replies replies) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_awaitable);
        asio::co_spawn(acceptor.get_executor(), converse(std::move(socket), replies),
                       asio::detached);
    }
}

}  // namespace

TEST_CASE("a file on an ftp server is there if its size is", "[prober][curl_ftp]") {
    const auto [path, replies, expected, why] =
        GENERATE(table<std::string, Replies, Outcome, std::string>({
            {"/pub/file", usual, {OutcomeKind::ok}, "there"},
            {"/pub/other", usual, {OutcomeKind::http_status, 550}, "no such file"},
            {"/private/file", usual, {OutcomeKind::http_status, 550}, "no such folder"},
            {"/pub/file", with("SIZE file", "502 no"), {OutcomeKind::invalid_answer}, "no SIZE"},
            {"/pub/file", with("PASS", "530 no"), {OutcomeKind::http_status, 530}, "no guests"},
            {"/pub/file", with("USER", "hello"), {OutcomeKind::timeout_response}, "not ftp"},
        }));
    CAPTURE(path, why);
    Network network;
    tcp::acceptor acceptor(network.context(), tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    asio::co_spawn(network.context(), serve(acceptor, replies), asio::detached);
    const auto port = acceptor.local_endpoint().port();

    const auto answer = network.head(fmt::format("ftp://127.0.0.1:{}{}", port, path));

    CHECK(to_string(answer.outcome) == to_string(expected));
}
