// Redirects, a proxy, the end of a run, and a loop that is late.

#include "prober/testing/environment_variable.hpp"
#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using prober::Answer;
using prober::testing::answer_with;
using prober::testing::Network;
using prober::testing::Then;

namespace {

namespace asio = boost::asio;

std::string redirect_to(const std::string& location, int status = 302) {
    return answer_with(status, "Location: " + location + "\r\n");
}

/// Keeps the loop from all else, as heavy work on it would.
void block_loop_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

}  // namespace

TEST_CASE("redirects are followed to the end", "[prober][curl_redirect]") {
    Network network;
    const auto server = network.start_server();
    const auto other = network.start_server(
        {.address = "127.0.0.2", .port = 0, .certificate_file = {}, .key_file = {}});
    server->serve("/file", redirect_to("/moved/file", 301), Then::keep);
    server->serve("/moved/file", redirect_to(other->url("/far/file"), 307), Then::close);
    other->serve("/far/file", redirect_to("../file", 308), Then::keep);
    other->serve("/file", answer_with(200), Then::keep);

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome == Outcome{OutcomeKind::ok});
    CHECK(answer.final_url == other->url("/file"));
    CHECK(answer.requests == 4);
}

TEST_CASE("a redirect that leads nowhere good is told", "[prober][curl_redirect]") {
    const auto [location, expected, why] = GENERATE(table<std::string, OutcomeKind, std::string>({
        {"/file", OutcomeKind::too_many_redirects, "to itself, for ever"},
        {"/index.html", OutcomeKind::redirect_to_different_file, "an error page"},
        {"file:///etc/file", OutcomeKind::redirect_to_unknown_scheme, "our own disk"},
        {"http://", OutcomeKind::invalid_answer, "no host"},
        {"http://127.0.0.1:1/file", OutcomeKind::refused, "a host that is down"},
    }));
    CAPTURE(location, why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", redirect_to(location), Then::keep);

    const auto answer = network.head(server->url("/file"));

    CHECK(to_string(answer.outcome) == to_string(Outcome{expected}));
    CHECK_FALSE(answer.detail.empty());
}

TEST_CASE("a redirect without a location is an invalid answer", "[prober][curl_redirect]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(302), Then::keep);

    CHECK(network.head(server->url("/file")).outcome.kind == OutcomeKind::invalid_answer);
}

TEST_CASE("a mirror that no proxy stands before is refused by itself", "[prober][curl_redirect]") {
    const prober::testing::EnvironmentVariable proxy("http_proxy", "http://127.0.0.1:9");
    const auto [exempts, expected] = GENERATE(table<std::string, OutcomeKind>({
        {"127.0.0.0/8", OutcomeKind::refused},
        {"mirror.example", OutcomeKind::prober_trouble},
    }));
    const prober::testing::EnvironmentVariable direct("no_proxy", exempts);
    Network network;

    CHECK(network.head("http://127.0.0.1:1/file").outcome.kind == expected);
}

TEST_CASE("a proxy is asked in the mirror's place", "[prober][curl_redirect]") {
    const auto port = prober::testing::unused_port();
    Network network(prober::testing::quick_limits(),
                    {.user_agent = "mirrorwarden/1",
                     .ca_bundle = {},
                     .proxy = fmt::format("http://127.0.0.1:{}", port)});

    SECTION("for http, with the whole URL") {
        const auto proxy = network.start_server(
            {.address = "127.0.0.1", .port = port, .certificate_file = {}, .key_file = {}});
        proxy->serve("http://mirror.invalid/file", answer_with(200), Then::keep);

        CHECK(network.head("http://mirror.invalid/file").outcome.is_ok());
    }
    SECTION("for https, by a tunnel, which it may refuse") {
        const auto proxy = network.start_server(
            {.address = "127.0.0.1", .port = port, .certificate_file = {}, .key_file = {}});
        proxy->serve("mirror.invalid:443", answer_with(502), Then::close);

        const auto answer = network.head("https://mirror.invalid/file");

        CHECK(proxy->asked() == std::vector<std::string>{"CONNECT mirror.invalid:443"});
        CHECK(answer.outcome.kind == OutcomeKind::unreachable);
    }
    SECTION("and if it is down, that is no fault of the mirror's") {
        CHECK(network.head("http://mirror.invalid/file").outcome.kind ==
              OutcomeKind::prober_trouble);
    }
}

TEST_CASE("a proxy that nobody can ask is no fault of a mirror's, whatever is asked",
          "[prober][curl_redirect]") {
    Network network(
        prober::testing::quick_limits(),
        {.user_agent = "mirrorwarden/1", .ca_bundle = {}, .proxy = "gopher://127.0.0.1:9"});

    const auto ask = [&network]() -> asio::awaitable<std::vector<OutcomeKind>> {
        const std::string url = "http://mirror.invalid/file";
        const auto lane = co_await network.client().open_lane(url, 1);
        std::vector<OutcomeKind> kinds;
        // libcurl keeps the buffer of a transfer that had no connection.
        kinds.push_back((co_await lane->head(url)).outcome.kind);
        prober::GetRequest request;
        request.url = url;
        request.bytes_max = 100;
        request.sink = [](std::string_view) { return true; };
        kinds.push_back((co_await lane->get(std::move(request))).outcome.kind);
        kinds.push_back((co_await lane->head(url)).outcome.kind);
        co_return kinds;
    };

    CHECK(network.run(ask()) == std::vector<OutcomeKind>(3, OutcomeKind::prober_trouble));
}

TEST_CASE("cancelling ends what is under way and what comes later", "[prober][curl_redirect]") {
    using namespace asio::experimental::awaitable_operators;
    auto limits = prober::testing::quick_limits();
    limits.requests_max = 1;
    limits.timeout = 60s;
    limits.connect_timeout = 60s;
    Network network(limits);
    const auto server = network.start_server();
    const auto cancel_soon = [&network]() -> asio::awaitable<bool> {
        asio::steady_timer timer(network.context(), 50ms);
        co_await timer.async_wait(asio::use_awaitable);
        network.client().cancel();
        co_return true;
    };
    const auto started = std::chrono::steady_clock::now();

    // The first is under way, the second waits for its turn.
    auto all = Network::head_on_own_lane(network.client(), server->url("/silent")) &&
               Network::head_on_own_lane(network.client(), server->url("/silent")) && cancel_soon();
    const auto [first, second, done] = network.run(std::move(all));
    const auto later = network.head(server->url("/later"));

    CHECK(done);
    CHECK(first.outcome.kind == OutcomeKind::cancelled);
    CHECK(second.outcome.kind == OutcomeKind::cancelled);
    CHECK(later.outcome.kind == OutcomeKind::cancelled);
    CHECK(later.requests == 0);
    CHECK(server->asked().size() == 1);
    CHECK(std::chrono::steady_clock::now() - started < 30s);
}

TEST_CASE("abandoning a coroutine abandons its request", "[prober][curl_redirect]") {
    using namespace asio::experimental::awaitable_operators;
    auto limits = prober::testing::quick_limits();
    limits.requests_max = 1;
    limits.timeout = 60s;
    Network network(limits);
    const auto server = network.start_server();
    server->serve("/file", answer_with(200), Then::keep);
    const auto give_up = [&network, &server]() -> asio::awaitable<std::size_t> {
        asio::steady_timer timer(network.context(), 50ms);
        auto race = Network::head_on_own_lane(network.client(), server->url("/silent")) ||
                    timer.async_wait(asio::use_awaitable);
        const auto winner = co_await std::move(race);
        co_return winner.index();
    };

    const auto winner = network.run(give_up());

    CHECK(winner == 1);
    CHECK(network.head(server->url("/file")).outcome.is_ok());  // its permit came back
}

TEST_CASE("a client can go while requests are under way", "[prober][curl_redirect]") {
    asio::io_context context(1);
    auto client =
        prober::make_curl_client(context.get_executor(), prober::testing::quick_limits(), {});
    prober::testing::LoopbackServer server(context.get_executor());
    asio::co_spawn(context, server.run(), asio::detached);
    OutcomeKind outcome{};
    asio::co_spawn(
        context, Network::head_on_own_lane(*client, server.url("/silent")),
        [&](std::exception_ptr, const Answer& answer) { outcome = answer.outcome.kind; });
    context.run_for(50ms);

    client.reset();

    context.restart();
    context.run_for(50ms);
    CHECK(outcome == OutcomeKind::cancelled);
}

TEST_CASE("a timeout that comes while the loop is late is asked again", "[prober][curl_redirect]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(200), Then::keep);
    server->answer_after(100ms);
    // The loop is late once, for longer than the time limit: the answer comes too late.
    asio::steady_timer heavy_work(network.context(), 50ms);
    heavy_work.async_wait([](boost::system::error_code) { block_loop_for(700ms); });

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.is_ok());
    CHECK(answer.requests == 2);
}

TEST_CASE("a loop that stays late is the prober's trouble, not the mirror's",
          "[prober][curl_redirect]") {
    Network network;
    const auto server = network.start_server();
    std::function<void()> be_busy = [&network, &be_busy] {
        block_loop_for(600ms);
        asio::post(network.context(), be_busy);
    };
    asio::post(network.context(), be_busy);

    const auto answer = network.head(server->url("/silent"));

    CHECK(answer.outcome.kind == OutcomeKind::prober_trouble);
    CHECK(answer.requests == 3);
    CHECK_FALSE(answer.detail.empty());
}
