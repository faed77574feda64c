// What a host asks of us, as the host sees it.

#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using prober::Answer;
using prober::HostWish;
using prober::testing::answer_with;
using prober::testing::LoopbackServer;
using prober::testing::Network;
using prober::testing::Then;

namespace {

namespace asio = boost::asio;

const std::string rules_path = "/.well-known/mirrorwarden.txt";

asio::awaitable<std::vector<Answer>> head_each(prober::HttpClient& client,
                                               std::vector<std::string> urls) {
    const auto lane = co_await client.open_lane(urls.front(), urls.size());
    std::vector<Answer> answers;
    answers.reserve(urls.size());
    for (const auto& url : urls) {
        answers.push_back(co_await lane->head(url));
    }
    co_return answers;
}

/// Answers one request otherwise than all that come later.
asio::awaitable<void> then_serve(LoopbackServer& server, std::string target, std::string bytes) {
    while (server.asked().empty()) {
        asio::steady_timer timer(co_await asio::this_coro::executor, 5ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    server.serve(target, bytes, Then::keep);
}

prober::HttpLimits limits(std::chrono::milliseconds pause_max) {
    auto limits = prober::testing::quick_limits();
    limits.timeout = 5s;
    limits.connect_timeout = 5s;
    limits.pause_max = pause_max;
    return limits;
}

prober::CurlSettings honouring() {
    prober::CurlSettings settings;
    settings.user_agent = "mirrorwarden/1";
    settings.honours_host_rules = true;
    return settings;
}

std::string text(const std::string& body, const std::string& type = "text/plain") {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", type,
                       body.size(), body);
}

/// So many lanes a host, and short time limits.
prober::HttpLimits impatient(std::size_t lanes) {
    auto few = limits(0s);
    few.timeout = 600ms;
    few.connect_timeout = 600ms;
    few.requests_per_host_max = lanes;
    return few;
}

}  // namespace

TEST_CASE("a host that asks for a moment gets it, and is asked again", "[prober][curl_manners]") {
    const int status = GENERATE(429, 503);
    CAPTURE(status);
    Network network(limits(60s));
    const auto server = network.start_server();
    server->serve("/file", answer_with(status, "Retry-After: 1\r\n"), Then::keep);
    asio::co_spawn(network.context(), then_serve(*server, "/file", answer_with(200)),
                   asio::detached);
    const auto started = std::chrono::steady_clock::now();

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.is_ok());
    CHECK(answer.requests == 2);
    CHECK(answer.host_wish == HostWish::none);
    CHECK_FALSE(answer.retry_after.has_value());
    CHECK(std::chrono::steady_clock::now() - started >= 1s);
}

TEST_CASE("a host that asks for more time than a run has is left alone", "[prober][curl_manners]") {
    Network network(limits(60s));
    const auto server = network.start_server();
    const auto other = network.start_server();
    server->serve_all({answer_with(429, "Retry-After: 3600\r\n"), Then::keep, {}});
    other->serve("/file", answer_with(200), Then::keep);

    const auto answers = network.run(
        head_each(network.client(), {server->url("/a"), server->url("/b"), other->url("/file")}));

    CHECK(answers[0].outcome == Outcome{OutcomeKind::http_status, 429});
    CHECK(answers[0].host_wish == HostWish::come_later);
    CHECK(answers[0].retry_after == 3600s);
    CHECK(answers[1].outcome.kind == OutcomeKind::skipped);
    CHECK(answers[1].host_wish == HostWish::come_later);
    CHECK(answers[1].requests == 0);
    CHECK(server->asked().size() == 1);
    // Another port is another server.
    CHECK(answers[2].outcome.is_ok());
}

TEST_CASE("hosts that pause hold up no other host", "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    auto few = limits(60s);
    few.requests_max = 2;
    few.requests_per_host_max = 2;
    Network network(few);
    // Hosts of their own: 127.0.0.1, .2 and .3 pause with two lanes each, .4 does not.
    std::vector<std::shared_ptr<LoopbackServer>> pausing;
    for (const std::string address : {"127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
        const auto& server = pausing.emplace_back(network.start_server(
            {.address = address, .port = 0, .certificate_file = {}, .key_file = {}}));
        server->serve_all({answer_with(429, "Retry-After: 2\r\n"), Then::keep, {}});
        asio::co_spawn(network.context(), then_serve(*server, "/file", answer_with(200)),
                       asio::detached);
    }
    const auto lively = network.start_server(
        {.address = "127.0.0.4", .port = 0, .certificate_file = {}, .key_file = {}});
    lively->serve_all({answer_with(200), Then::keep, {}});
    const auto paused = [&network, &pausing](std::size_t host) {
        return head_each(network.client(), {pausing[host]->url("/file")});
    };
    const auto ask_when_all_pause = [&]() -> asio::awaitable<std::chrono::milliseconds> {
        while (pausing[0]->asked().empty() || pausing[1]->asked().empty() ||
               pausing[2]->asked().empty()) {
            asio::steady_timer timer(network.context(), 5ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        const auto started = std::chrono::steady_clock::now();
        co_await Network::head_on_own_lane(network.client(), lively->url("/file"));
        co_return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - started);
    };

    auto all = paused(0) && paused(0) && paused(1) && paused(2) && ask_when_all_pause();
    const auto [first, second, third, fourth, waited] = network.run(std::move(all));

    CHECK(waited < 1s);
    for (const auto& answers : {first, second, third, fourth}) {
        CHECK(answers.front().outcome.is_ok());
    }
}

TEST_CASE("who waits for a host is woken when the run is over", "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    Network network(limits(60s));
    const auto server = network.start_server();
    server->serve_all({answer_with(429, "Retry-After: 50\r\n"), Then::keep, {}});
    const auto cancel_soon = [&network, &server]() -> asio::awaitable<bool> {
        while (server->asked().empty()) {
            asio::steady_timer timer(network.context(), 10ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        asio::steady_timer timer(network.context(), 50ms);
        co_await timer.async_wait(asio::use_awaitable);
        network.client().cancel();
        co_return true;
    };
    const auto started = std::chrono::steady_clock::now();

    auto both = Network::head_on_own_lane(network.client(), server->url("/a")) && cancel_soon();
    const auto [answer, done] = network.run(std::move(both));

    CHECK(done);
    CHECK(answer.outcome.kind == OutcomeKind::cancelled);
    CHECK(std::chrono::steady_clock::now() - started < 20s);
}

TEST_CASE("a host is asked for its rules first, and once", "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    Network network(limits(0s), honouring());
    const auto server = network.start_server();
    server->serve_all({answer_with(200), Then::keep, {}});
    const auto reply = GENERATE(text("Contact: me\n"), answer_with(404), answer_with(500),
                                text("<html>", "text/html"));
    server->serve("GET " + rules_path, reply, Then::keep);
    CHECK_FALSE(network.client().rules_of(server->url("/")).has_value());

    auto both = head_each(network.client(), {server->url("/a"), server->url("/b")}) &&
                head_each(network.client(), {server->url("/c")});
    const auto [first, second] = network.run(std::move(both));

    CHECK(server->asked().size() == 4);
    CHECK(server->asked().front() == "GET " + rules_path);
    CHECK(first[0].outcome.is_ok());
    CHECK(first[0].requests + first[1].requests + second[0].requests == 4);
    const auto rules = network.client().rules_of(server->url("/"));
    CHECK(rules.has_value() == (reply == text("Contact: me\n")));
}

TEST_CASE("paths that a host disallows are not asked for", "[prober][curl_manners]") {
    Network network(limits(0s), honouring());
    const auto server = network.start_server();
    server->serve_all({answer_with(200), Then::keep, {}});
    server->serve(rules_path, text("Disallow: /debian/pool/\n"), Then::keep);

    const auto answers = network.run(head_each(
        network.client(), {server->url("/debian/pool/a"), server->url("/debian/dists/a")}));

    CHECK(answers[0].outcome.kind == OutcomeKind::skipped);
    CHECK(answers[0].host_wish == HostWish::leave_alone);
    CHECK(answers[0].detail.find("mirrorwarden.txt") != std::string::npos);
    CHECK(answers[1].outcome.is_ok());
    CHECK(server->asked() == std::vector<std::string>{"GET " + rules_path, "HEAD /debian/dists/a"});
}

TEST_CASE("a host is asked no more often than it says", "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    Network network(limits(0s), honouring());
    const auto server = network.start_server();
    server->serve_all({answer_with(200), Then::keep, {}});
    server->serve(rules_path, text("Max-Requests-Per-Second: 10\n"), Then::keep);
    const auto started = std::chrono::steady_clock::now();

    auto both = head_each(network.client(), std::vector<std::string>(4, server->url("/a"))) &&
                head_each(network.client(), std::vector<std::string>(4, server->url("/b")));
    network.run(std::move(both));

    // Eight requests on two lanes: seven distances of a tenth of a second.
    CHECK(server->asked().size() == 9);
    CHECK(std::chrono::steady_clock::now() - started >= 690ms);
}

TEST_CASE("a host that is asked on one lane alone is asked twice before it is given up",
          "[prober][curl_manners]") {
    auto few = limits(0s);
    few.timeout = 300ms;
    Network network(few, honouring());
    const auto server = network.start_server();

    const auto answers = network.run(
        head_each(network.client(), std::vector<std::string>(4, server->url("/silent"))));

    CHECK(answers.front().outcome.kind == OutcomeKind::timeout_response);
    CHECK(answers.back().outcome.kind == OutcomeKind::skipped);
    CHECK(server->asked() == std::vector<std::string>{"GET " + rules_path, "HEAD /silent"});
}

TEST_CASE("a silent host is asked twice at once, and costs one time limit and a little",
          "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    const auto lanes = GENERATE(as<std::size_t>{}, 2, 3);
    CAPTURE(lanes);
    Network network(impatient(lanes), honouring());
    const auto server = network.start_server();
    const auto lane = [&network, &server] {
        return head_each(network.client(), std::vector<std::string>(4, server->url("/silent")));
    };

    auto all = lane() && lane() && lane();
    const auto [first, second, third] = network.run(std::move(all));

    // Both were under way together, and after them nobody asked.
    CHECK(server->asked() == std::vector<std::string>{"GET " + rules_path, "HEAD /silent"});
    CHECK(server->connections().open_max == 2);
    std::size_t timeouts = 0;
    for (const auto& answers : {first, second, third}) {
        timeouts += answers.front().outcome.kind == OutcomeKind::timeout_response ? 1 : 0;
        CHECK(answers.back().outcome.kind == OutcomeKind::skipped);
    }
    CHECK(timeouts == 2);
}

TEST_CASE("a port that swallows every packet is tried twice at once", "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    auto few = limits(0s);
    few.connect_timeout = 600ms;
    Network network(few, honouring());
    const prober::testing::DeafPort deaf(network.context().get_executor());
    const auto lane = [&network, &deaf] {
        return head_each(network.client(), std::vector<std::string>(4, deaf.url("/file")));
    };

    auto both = lane() && lane();
    const auto [first, second] = network.run(std::move(both));

    for (const auto& answers : {first, second}) {
        CHECK(answers[0].outcome.kind == OutcomeKind::timeout_connect);
        CHECK(answers[0].requests == 1);
        CHECK(answers[1].outcome.kind == OutcomeKind::skipped);
        CHECK(answers[1].requests == 0);
    }
}

TEST_CASE("a host that answers, but not for its rules, is probed without",
          "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    const auto lanes = GENERATE(as<std::size_t>{}, 1, 2, 3);
    CAPTURE(lanes);
    Network network(impatient(lanes), honouring());
    const auto server = network.start_server();
    server->serve_all({answer_with(200), Then::keep, {}});
    server->serve(rules_path, {"", Then::hold, ""});
    const auto lane = [&network, &server] {
        return head_each(network.client(), std::vector<std::string>(4, server->url("/file")));
    };

    auto all = lane() && lane() && lane();
    const auto [first, second, third] = network.run(std::move(all));

    for (const auto& answers : {first, second, third}) {
        CHECK(std::ranges::all_of(answers,
                                  [](const auto& answer) { return answer.outcome.is_ok(); }));
    }
}

TEST_CASE("a silent port says nothing of the host's others", "[prober][curl_manners]") {
    Network network(limits(0s), honouring());
    const auto silent = network.start_server();
    const auto other = network.start_server();
    silent->serve_all({"", Then::hold, {}});
    other->serve_all({answer_with(200), Then::keep, {}});

    const auto urls = [](const auto& server) {
        return std::vector<std::string>(4, server->url("/file"));
    };
    const auto no_answers = network.run(head_each(network.client(), urls(silent)));
    const auto answers = network.run(head_each(network.client(), urls(other)));

    CHECK(no_answers.back().outcome.kind == OutcomeKind::skipped);
    CHECK(std::ranges::all_of(answers, [](const auto& answer) { return answer.outcome.is_ok(); }));
}

TEST_CASE("a site that loses the question for its rules is asked once more",
          "[prober][curl_manners]") {
    using namespace asio::experimental::awaitable_operators;
    auto few = limits(0s);
    few.timeout = 1500ms;
    few.connect_timeout = 1500ms;
    Network network(few, honouring());
    const auto server = network.start_server();
    server->serve_all({answer_with(200), Then::keep, {}});
    // The first is never answered, the second is.
    asio::co_spawn(network.context(),
                   then_serve(*server, rules_path, text("Disallow: /private/\n")), asio::detached);
    server->serve(rules_path, {"", Then::hold, ""});
    const std::vector<std::string> urls{server->url("/a"), server->url("/private/b")};

    auto both = head_each(network.client(), urls) && head_each(network.client(), urls);
    const auto [first, second] = network.run(std::move(both));

    for (const auto& answers : {first, second}) {
        CHECK(answers[0].outcome.is_ok());
        CHECK(answers[1].host_wish == HostWish::leave_alone);
    }
    CHECK(server->connections().open_max == 2);
    CHECK(std::count(server->asked().begin(), server->asked().end(), "GET " + rules_path) == 2);
}
