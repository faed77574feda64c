#include "prober/curl_core.hpp"

#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

using namespace std::chrono_literals;
using prober::CurlCore;

namespace {

namespace asio = boost::asio;

constexpr std::size_t connections_per_shard = 500;

prober::HttpLimits limits_with(std::size_t requests_max) {
    auto limits = prober::testing::quick_limits();
    limits.requests_max = requests_max;
    return limits;
}

}  // namespace

TEST_CASE("a host is known by its name, for as long as the core", "[prober][curl_core]") {
    asio::io_context loop(1);
    CurlCore core(loop.get_executor(), prober::testing::quick_limits(), {});

    auto& first = core.host("one.example");
    auto& other = core.host("two.example");

    CHECK(&core.host("one.example") == &first);
    CHECK(&other != &first);
    CHECK(first.number != other.number);
    CHECK(first.sockets.open_max == 2);
    auto& transfer = core.transfer(first, 1);
    CHECK(&core.transfer(first, 1) == &transfer);
    CHECK(&core.transfer(first, 0) != &transfer);
    CHECK(&core.transfer(other, 1) != &transfer);
}

TEST_CASE("each port of a host has rules of its own", "[prober][curl_core]") {
    asio::io_context loop(1);
    CurlCore core(loop.get_executor(), prober::testing::quick_limits(), {});
    auto& host = core.host("one.example");

    CHECK(core.find_site("one.example", 80) == nullptr);
    CHECK(core.find_site("two.example", 80) == nullptr);
    auto& site = core.site(host, 80);
    CHECK(&core.site(host, 80) == &site);
    CHECK(core.find_site("one.example", 80) == &site);
    CHECK(core.find_site("one.example", 443) == nullptr);
}

TEST_CASE("no handle of libcurl has more than 500 connections", "[prober][curl_core]") {
    const auto [requests, shards] = GENERATE(table<std::size_t, std::size_t>({
        {1, 1},
        {connections_per_shard, 1},
        {connections_per_shard + 1, 2},
        {3 * connections_per_shard, 3},
    }));
    asio::io_context loop(1);
    CurlCore core(loop.get_executor(), limits_with(requests), {});

    // Hosts go where there is most room, so as many as there are shards fill one each.
    std::size_t highest = 0;
    for (std::size_t number = 0; number < 2 * shards; ++number) {
        const auto& host = core.host("host" + std::to_string(number) + ".example");
        highest = std::max(highest, core.permits->shard_of(host.number));
    }

    CHECK(highest + 1 == shards);
}

TEST_CASE("a pause ends when the core is cancelled, and none begins after that",
          "[prober][curl_core]") {
    asio::io_context loop(1);
    CurlCore core(loop.get_executor(), prober::testing::quick_limits(), {});
    int ended = 0;
    const auto pause = [&]() -> asio::awaitable<void> {
        co_await core.pause_until(prober::HostManners::Clock::now() + 1h);
        ++ended;
    };
    asio::co_spawn(loop, pause(), asio::detached);
    loop.poll();
    CHECK(ended == 0);

    core.cancel();
    loop.run();
    CHECK(ended == 1);

    asio::co_spawn(loop, pause(), asio::detached);
    loop.restart();
    loop.run();
    CHECK(ended == 2);
}
