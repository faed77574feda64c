// A mirror's rsync daemon, asked on the same terms as its web server.

#include "prober/testing/network.hpp"
#include "prober/testing/rsync_daemon.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace boost::asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using model::OutcomeKind;
using model::RsyncFacts;
using prober::testing::answer_with;
using prober::testing::ConnectionCount;
using prober::testing::Network;
using prober::testing::RsyncDaemon;
using prober::testing::Then;

namespace {

namespace asio = boost::asio;

prober::HttpLimits limits() {
    auto limits = prober::testing::quick_limits();
    limits.requests_per_host_max = 1;
    limits.timeout = 20s;
    limits.connect_timeout = 20s;
    return limits;
}

/// On a lane to `home`.
asio::awaitable<RsyncFacts> greet(prober::HttpClient& client, std::string home, std::string url) {
    const auto lane = co_await client.open_lane(std::move(home), 1);
    co_return co_await lane->greet_rsync(std::move(url));
}

asio::awaitable<std::vector<std::string>> ask_between(prober::HttpClient& client, std::string page,
                                                      std::string url) {
    const auto lane = co_await client.open_lane(page, 1);
    std::vector<std::string> outcomes;
    outcomes.push_back(to_string((co_await lane->head(page)).outcome));
    outcomes.push_back(to_string((co_await lane->greet_rsync(url)).outcome));
    outcomes.push_back(to_string((co_await lane->head(page)).outcome));
    co_return outcomes;
}

const std::string greeting = "@RSYNCD: 31.0\ndebian \tAll of it\n@RSYNCD: EXIT\n";

std::string rsync_url(unsigned short port, const std::string& module = "debian") {
    return fmt::format("rsync://127.0.0.1:{}/{}/", port, module);
}

}  // namespace

TEST_CASE("a lane greets a real rsync daemon between its requests", "[prober][curl_rsync]") {
    const RsyncDaemon daemon("debian", "hidden");
    Network network(limits());
    const auto server = network.start_server();
    server->serve_all({answer_with(200), Then::keep, {}});

    const auto outcomes = network.run(
        ask_between(network.client(), server->url("/file"), daemon.url("debian/dists/")));
    const auto facts =
        network.run(greet(network.client(), server->url("/"), daemon.url("debian/dists/")));

    CHECK(outcomes == std::vector<std::string>{"ok", "ok", "ok"});
    CHECK(facts.modules == std::vector<std::string>{"debian"});
    CHECK(facts.connections == 1);
    CHECK(facts.bytes > 0);
}

TEST_CASE("a greeting is one of the requests that a host gets at once", "[prober][curl_rsync]") {
    Network network(limits());
    const auto total = std::make_shared<ConnectionCount>();
    const auto page = network.start_server();
    page->serve_all({answer_with(200), Then::close, {}});
    page->answer_after(100ms);
    page->count_in(total);
    const auto daemon = network.start_server();
    daemon->greet({greeting, Then::close, {}});
    daemon->count_in(total);

    // The second lane belongs to another host.
    auto both = Network::head_on_own_lane(network.client(), page->url("/file")) &&
                greet(network.client(), "http://[::1]/", rsync_url(daemon->port()));
    const auto [answer, facts] = network.run(std::move(both));

    CHECK(answer.outcome.is_ok());
    CHECK(facts.outcome.is_ok());
    CHECK(total->accepted == 2);
    CHECK(total->open_max == 1);
}

TEST_CASE("no rsync daemon is asked behind a proxy", "[prober][curl_rsync]") {
    Network network(
        limits(), {.user_agent = "mirrorwarden/1", .ca_bundle = {}, .proxy = "http://127.0.0.1:9"});
    const auto daemon = network.start_server();
    daemon->greet({greeting, Then::close, {}});

    const auto facts =
        network.run(greet(network.client(), daemon->url("/"), rsync_url(daemon->port())));

    CHECK(facts.outcome.kind == OutcomeKind::skipped);
    CHECK(facts.connections == 0);
    CHECK(daemon->connections().accepted == 0);
}

TEST_CASE("the daemon of a host that was given up is not greeted", "[prober][curl_rsync]") {
    auto quick = limits();
    quick.timeout = 300ms;
    Network network(quick);
    const auto page = network.start_server();
    const auto daemon = network.start_server();
    daemon->greet({greeting, Then::close, {}});
    const auto silent = page->url("/silent");
    network.head(silent);
    network.head(silent);

    const auto facts = network.run(greet(network.client(), silent, rsync_url(daemon->port())));

    CHECK(facts.outcome.kind == OutcomeKind::skipped);
    CHECK(facts.connections == 0);
    CHECK(daemon->connections().accepted == 0);
}

TEST_CASE("a greeting ends with the run", "[prober][curl_rsync]") {
    Network network(limits());
    const auto daemon = network.start_server();
    daemon->greet({"", Then::hold, {}});
    const auto cancel_then = [&network, &daemon]() -> asio::awaitable<bool> {
        while (daemon->connections().accepted == 0) {
            asio::steady_timer timer(network.context(), 5ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        network.client().cancel();
        co_return true;
    };
    const auto url = rsync_url(daemon->port());
    const auto started = std::chrono::steady_clock::now();

    auto both = greet(network.client(), daemon->url("/"), url) && cancel_then();
    const auto [facts, done] = network.run(std::move(both));

    CHECK(done);
    CHECK(facts.outcome.kind == OutcomeKind::cancelled);
    CHECK(std::chrono::steady_clock::now() - started < 10s);
    const auto later = network.run(greet(network.client(), daemon->url("/"), url));
    CHECK(later.outcome.kind == OutcomeKind::cancelled);
    CHECK(daemon->connections().accepted == 1);
}
