#include "prober/curl_core.hpp"

#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using prober::CurlCore;
using prober::CurlSite;

namespace {

namespace asio = boost::asio;

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

TEST_CASE("a handle of libcurl has about a hundred connections, and whole hosts",
          "[prober][curl_core]") {
    struct Case {
        const char* why;
        std::size_t requests_max;
        std::size_t per_host_max;
        std::vector<std::size_t> shares;
    };
    const auto row = GENERATE(values<Case>({
        {"one", 1, 2, {1}},
        {"fewer than a host may have", 5, 10, {5}},
        {"as many as one handle serves well", 100, 2, {100}},
        {"one more", 101, 2, {50, 51}},
        {"what fills no host goes to the last", 250, 3, {84, 84, 82}},
        {"no host has its places on two handles", 250, 2, {84, 84, 82}},
        {"a crowd", 900, 2, std::vector<std::size_t>(9, 100)},
        {"a host may have more than a handle serves well", 900, 300, {300, 300, 300}},
    }));
    INFO(row.why);

    CHECK(prober::share_out(row.requests_max, row.per_host_max) == row.shares);
}

TEST_CASE("hosts go where there is most room", "[prober][curl_core]") {
    asio::io_context loop(1);
    auto limits = prober::testing::quick_limits();
    limits.requests_max = 300;
    CurlCore core(loop.get_executor(), limits, {});

    std::set<std::size_t> shards;
    for (const std::string name : {"one.example", "two.example", "three.example"}) {
        shards.insert(core.permits->shard_of(core.host(name).number));
    }

    CHECK(shards == std::set<std::size_t>{0, 1, 2});
}

TEST_CASE("what stands against asking a host is told before it is asked", "[prober][curl_core]") {
    using model::OutcomeKind;
    asio::io_context loop(1);
    CurlCore core(loop.get_executor(), prober::testing::quick_limits(), {});
    auto& host = core.host("one.example");
    auto& plain = core.site(host, 80);
    auto& encrypted = core.site(host, 443);
    const auto kind_at = [&](const CurlSite& site) {
        const auto refusal = core.standing_refusal(host, site);
        return refusal ? std::optional(refusal->outcome.kind) : std::nullopt;
    };

    CHECK(kind_at(encrypted) == std::nullopt);
    encrypted.bad_certificate = {{OutcomeKind::tls_expired}, "expired"};
    CHECK(kind_at(encrypted) == OutcomeKind::tls_expired);
    CHECK(kind_at(plain) == std::nullopt);
    host.tally = encrypted.tally = {.requests = 2, .timeouts = 2, .answers = 0};
    CHECK(kind_at(plain) == std::nullopt);
    plain.tally = host.tally;
    CHECK(kind_at(plain) == OutcomeKind::skipped);
    plain.tally.answers = 1;
    CHECK(kind_at(plain) == std::nullopt);
    host.tally = {.requests = 30, .timeouts = 10, .answers = 20};
    CHECK(kind_at(plain) == OutcomeKind::skipped);
    core.cancel();
    CHECK(kind_at(plain) == OutcomeKind::cancelled);
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
