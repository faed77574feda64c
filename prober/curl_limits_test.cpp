// The limits, as servers that count see them.

#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using prober::HttpClient;
using prober::HttpLimits;
using prober::testing::answer_with;
using prober::testing::ConnectionCount;
using prober::testing::LoopbackServer;
using prober::testing::Network;
using prober::testing::Then;

namespace {

namespace asio = boost::asio;

struct Tally {
    std::size_t ok = 0;
    std::size_t not_ok = 0;
    std::size_t lanes_left = 0;
};

asio::awaitable<void> ask_on_lane(HttpClient& client, std::string url, std::size_t requests,
                                  Tally& tally) {
    const auto lane = co_await client.open_lane(url, requests);
    for (std::size_t i = 0; i < requests; ++i) {
        const auto answer = co_await lane->head(url);
        ++(answer.outcome.is_ok() ? tally.ok : tally.not_ok);
    }
}

/// Runs lanes at once, and comes back when the last has ended.
Tally run_lanes(Network& network, const std::vector<std::string>& urls, std::size_t requests) {
    Tally tally;
    tally.lanes_left = urls.size();
    for (const auto& url : urls) {
        asio::co_spawn(network.context(), ask_on_lane(network.client(), url, requests, tally),
                       [&network, &tally](std::exception_ptr error) {
                           if (--tally.lanes_left == 0 || error) {
                               network.context().stop();
                           }
                       });
    }
    network.context().restart();
    network.context().run();
    return tally;
}

HttpLimits limits(std::size_t requests_max, std::size_t requests_per_host_max) {
    auto limits = prober::testing::quick_limits();
    limits.requests_max = requests_max;
    limits.requests_per_host_max = requests_per_host_max;
    limits.connect_timeout = 20s;  // of a busy machine
    limits.timeout = 20s;
    return limits;
}

/// Many servers, each on an address of its own.
struct Servers {
    Servers(Network& network, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto address = fmt::format("127.0.{}.{}", 10 + i / 100, 1 + i % 100);
            auto server = network.start_server(
                {.address = address, .port = 0, .certificate_file = {}, .key_file = {}});
            server->serve("/file", answer_with(200), Then::keep);
            server->count_in(total);
            servers.push_back(std::move(server));
        }
    }

    std::size_t busiest() const {
        std::size_t most = 0;
        for (const auto& server : servers) {
            most = std::max(most, server->connections().open_max);
        }
        return most;
    }

    std::vector<std::shared_ptr<LoopbackServer>> servers;
    std::shared_ptr<ConnectionCount> total = std::make_shared<ConnectionCount>();
};

}  // namespace

TEST_CASE("200 hosts see no more connections than the limits allow", "[prober][curl_limits]") {
    const auto [requests_max, per_host_max, expected_total_max, why] =
        GENERATE(table<std::size_t, std::size_t, std::size_t, std::string>({
            {1000, 2, 400, "room for each host: only the limit per host bites"},
            {60, 2, 60, "less room than hosts: idle connections make way"},
            {7, 3, 7, "very little room"},
        }));
    CAPTURE(why);
    constexpr std::size_t hosts = 200;
    constexpr std::size_t lanes_per_host = 4;
    constexpr std::size_t requests_per_lane = 3;
    Network network(limits(requests_max, per_host_max));
    const Servers all(network, hosts);
    std::vector<std::string> urls;
    for (std::size_t lane = 0; lane < lanes_per_host; ++lane) {
        for (const auto& server : all.servers) {
            urls.push_back(server->url("/file"));
        }
    }

    const auto tally = run_lanes(network, urls, requests_per_lane);

    CHECK(tally.ok == hosts * lanes_per_host * requests_per_lane);
    CHECK(all.busiest() <= per_host_max);
    CHECK(all.total->open_max <= expected_total_max);
    CHECK(all.total->open_max >= expected_total_max / 2);  // and not by asking one by one
}

TEST_CASE("a host opens as many connections as it has lanes, once", "[prober][curl_limits]") {
    Network network(limits(300, 2));
    const Servers all(network, 3);
    std::vector<std::string> urls;
    for (const auto& server : all.servers) {
        urls.insert(urls.end(), 5, server->url("/file"));
    }

    const auto tally = run_lanes(network, urls, 20);

    CHECK(tally.ok == 300);
    CHECK(all.total->accepted <= 6);
}

TEST_CASE("two ports of one host share its limit", "[prober][curl_limits]") {
    Network network(limits(300, 2));
    const auto total = std::make_shared<ConnectionCount>();
    std::vector<std::string> urls;
    std::vector<std::shared_ptr<LoopbackServer>> servers;
    for (int port = 0; port < 3; ++port) {
        servers.push_back(network.start_server());
        servers.back()->serve("/file", answer_with(200), Then::keep);
        servers.back()->count_in(total);
        urls.insert(urls.end(), 4, servers.back()->url("/file"));
    }

    const auto tally = run_lanes(network, urls, 5);

    CHECK(tally.ok == 60);
    CHECK(total->open_max <= 2);
}

TEST_CASE("a lane that is redirected to another port keeps to its host's limit",
          "[prober][curl_limits]") {
    Network network(limits(300, 2));
    const auto total = std::make_shared<ConnectionCount>();
    const auto from = network.start_server();
    const auto to = network.start_server();
    from->serve("/file", answer_with(301, "Location: " + to->url("/file") + "\r\n"), Then::keep);
    to->serve("/file", answer_with(200), Then::keep);
    from->count_in(total);
    to->count_in(total);

    const auto tally = run_lanes(network, std::vector<std::string>(4, from->url("/file")), 5);

    CHECK(tally.ok == 20);
    CHECK(total->open_max <= 2);
}

TEST_CASE("a host that many redirect to is not overrun", "[prober][curl_limits]") {
    const auto [requests_max, per_host_max] =
        GENERATE(table<std::size_t, std::size_t>({{300, 2}, {5, 2}, {1, 1}}));
    CAPTURE(requests_max, per_host_max);
    Network network(limits(requests_max, per_host_max));
    const Servers all(network, 21);
    const auto& target = all.servers.back();
    std::vector<std::string> urls;
    for (const auto& server : all.servers) {
        if (server != target) {
            server->serve("/file", answer_with(302, "Location: " + target->url("/file") + "\r\n"),
                          Then::keep);
            urls.push_back(server->url("/file"));
        }
    }

    const auto tally = run_lanes(network, urls, 3);

    CHECK(tally.ok == 60);
    CHECK(target->connections().open_max <= per_host_max);
    CHECK(all.total->open_max <= requests_max);
}

TEST_CASE("hosts that redirect to each other cannot lock each other out", "[prober][curl_limits]") {
    const auto requests_max = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{300});
    CAPTURE(requests_max);
    Network network(limits(requests_max, 1));
    const Servers all(network, 2);
    const auto& a = *all.servers.at(0);
    const auto& b = *all.servers.at(1);
    all.servers.at(0)->serve("/a/file", answer_with(302, "Location: " + b.url("/file") + "\r\n"),
                             Then::keep);
    all.servers.at(1)->serve("/b/file", answer_with(302, "Location: " + a.url("/file") + "\r\n"),
                             Then::keep);

    const auto tally = run_lanes(network,
                                 {a.url("/a/file"), b.url("/b/file"), a.url("/a/file"),
                                  b.url("/b/file"), a.url("/file"), b.url("/file")},
                                 5);

    CHECK(tally.ok == 30);
    CHECK(all.busiest() == 1);
    CHECK(all.total->open_max <= requests_max);
}

TEST_CASE("more connections than one libcurl handle serves well are shared out",
          "[prober][curl_limits]") {
    Network network(limits(1200, 2));
    const Servers all(network, 200);
    for (const auto& server : all.servers) {
        server->answer_after(30ms);
    }
    std::vector<std::string> urls;
    for (const auto& server : all.servers) {
        urls.insert(urls.end(), 2, server->url("/file"));
    }

    const auto tally = run_lanes(network, urls, 3);

    CHECK(tally.ok == 1200);
    CHECK(all.busiest() == 2);
    CHECK(all.total->accepted == 400);
}

TEST_CASE("a silent host costs its lanes one time limit, not two", "[prober][curl_limits]") {
    auto few = limits(300, 2);
    few.timeout = 500ms;
    Network network(few);
    const auto server = network.start_server();
    const std::vector<std::string> urls(2, server->url("/silent"));

    const auto tally = run_lanes(network, urls, 5);

    CHECK(tally.not_ok == 10);
    CHECK(server->asked().size() == 2);
}

TEST_CASE("lanes with the most work start first", "[prober][curl_limits]") {
    Network network(limits(1, 1));
    const Servers all(network, 4);
    std::vector<std::size_t> order;
    std::size_t left = all.servers.size();
    const auto visit = [&](std::size_t number, std::size_t work) -> asio::awaitable<void> {
        const auto url = all.servers.at(number)->url("/file");
        const auto lane = co_await network.client().open_lane(url, work);
        order.push_back(number);
        co_await lane->head(url);
        if (--left == 0) {
            network.context().stop();
        }
    };
    // The first finds room at once; the others wait.
    asio::co_spawn(network.context(), visit(0, 1), asio::detached);
    asio::co_spawn(network.context(), visit(1, 10), asio::detached);
    asio::co_spawn(network.context(), visit(2, 1000), asio::detached);
    asio::co_spawn(network.context(), visit(3, 10), asio::detached);

    network.context().restart();
    network.context().run();

    CHECK(order == std::vector<std::size_t>{0, 2, 1, 3});
}

TEST_CASE("hostile servers end in time and slow nobody else", "[prober][curl_limits]") {
    auto short_limits = limits(40, 2);
    short_limits.timeout = 400ms;
    short_limits.connect_timeout = 400ms;
    Network network(short_limits);
    const Servers healthy(network, 10);
    const Servers none(network, 0);
    const prober::testing::DeafPort deaf(network.context().get_executor());
    const auto rude = network.start_server(
        {.address = "127.0.9.1", .port = 0, .certificate_file = {}, .key_file = {}});
    rude->serve("/headers", {"HTTP/1.1 200 OK\r\n", Then::repeat, "X-Filler: abcdefgh\r\n"});
    rude->serve("/drip", {"HTTP/1.1 200 OK\r\n", Then::drip, "X-Filler: abcdefgh\r\n"});
    rude->serve("/body", {"HTTP/1.1 200 OK\r\n\r\n", Then::repeat, std::string(4096, 'x')});
    rude->serve("/reset", {"HTTP/1.1 200", Then::reset, ""});
    std::vector<std::string> urls{rude->url("/headers"), rude->url("/drip"), rude->url("/body"),
                                  rude->url("/reset"),   rude->url("/mute"), deaf.url("/file")};
    for (const auto& server : healthy.servers) {
        urls.push_back(server->url("/file"));
    }
    const auto started = std::chrono::steady_clock::now();

    const auto tally = run_lanes(network, urls, 3);

    // Each healthy request, and the body that nobody reads.
    CHECK(tally.ok >= 30);
    CHECK(tally.ok <= 33);
    CHECK(tally.not_ok == urls.size() * 3 - tally.ok);
    // Two hosts with two lanes each, at most seven requests a lane that run into their limit.
    CHECK(std::chrono::steady_clock::now() - started < 20s);
}
