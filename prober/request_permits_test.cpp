#include "prober/request_permits.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using prober::Permit;
using prober::RequestPermits;

namespace {

namespace asio = boost::asio;

struct Crowd {
    asio::io_context context{1};
    std::shared_ptr<RequestPermits> permits;
    std::map<std::size_t, int> inside;
    std::map<std::size_t, int> inside_shard;
    int inside_host_max = 0;
    int inside_shard_max = 0;
    int served = 0;
    int turned_away = 0;

    explicit Crowd(RequestPermits::Limits limits)
        : permits{std::make_shared<RequestPermits>(context.get_executor(), std::move(limits))} {}

    /// When the context runs; `held` outlives that.
    void take(std::size_t host, std::size_t work, Permit& held) {
        asio::co_spawn(context, permits->acquire(host, work),
                       [&held](std::exception_ptr, Permit permit) { held = std::move(permit); });
    }

    asio::awaitable<void> visit(std::size_t host) {
        const auto permit = co_await permits->acquire(host, 1);
        if (!permit) {
            ++turned_away;
            co_return;
        }
        const auto shard = permits->shard_of(host);
        inside_host_max = std::max(inside_host_max, ++inside[host]);
        inside_shard_max = std::max(inside_shard_max, ++inside_shard[shard]);
        for (int tick = 0; tick < 3; ++tick) {
            co_await asio::post(asio::use_awaitable);
        }
        --inside[host];
        --inside_shard[shard];
        ++served;
    }

    void send(std::size_t host) { asio::co_spawn(context, visit(host), asio::detached); }
};

}  // namespace

TEST_CASE("permits bound each host and each shard", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {3, 3}, .per_host = 2});
    for (int host = 0; host < 4; ++host) {
        crowd.permits->add_host();
    }
    for (std::size_t visitor = 0; visitor < 40; ++visitor) {
        crowd.send(visitor % 4);
    }

    crowd.context.run();

    CHECK(crowd.served == 40);
    CHECK(crowd.inside_host_max == 2);
    CHECK(crowd.inside_shard_max == 3);
}

TEST_CASE("a limit holds however often permits come and go", "[prober][request_permits]") {
    // The other limit is too wide to hide a place that was counted twice.
    SECTION("of a host") {
        Crowd crowd({.per_shard = {100}, .per_host = 2});
        const auto host = crowd.permits->add_host();
        for (int visitor = 0; visitor < 30; ++visitor) {
            crowd.send(host);
        }

        crowd.context.run();

        CHECK(crowd.served == 30);
        CHECK(crowd.inside_host_max == 2);
    }
    SECTION("of a shard") {
        Crowd crowd({.per_shard = {2}, .per_host = 100});
        for (int visitor = 0; visitor < 30; ++visitor) {
            crowd.send(crowd.permits->add_host());
        }

        crowd.context.run();

        CHECK(crowd.served == 30);
        CHECK(crowd.inside_shard_max == 2);
    }
}

TEST_CASE("hosts are spread over the shards by their size", "[prober][request_permits]") {
    asio::io_context context(1);
    RequestPermits permits(context.get_executor(), {.per_shard = {100, 200}, .per_host = 1});
    std::map<std::size_t, int> hosts;

    for (int host = 0; host < 30; ++host) {
        ++hosts[permits.shard_of(permits.add_host())];
    }

    CHECK(hosts[0] == 10);
    CHECK(hosts[1] == 20);
}

TEST_CASE("a host that is full does not hold up the others", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {2}, .per_host = 1});
    const auto busy = crowd.permits->add_host();
    const auto free = crowd.permits->add_host();
    Permit held;
    crowd.take(busy, 1000, held);
    crowd.send(busy);  // first in line, but its host is full
    crowd.send(free);

    crowd.context.poll();
    CHECK(crowd.served == 1);

    held.give_back();
    crowd.context.restart();
    crowd.context.run();
    CHECK(crowd.served == 2);
}

TEST_CASE("a permit given back twice makes room once", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {1}, .per_host = 1});
    const auto host = crowd.permits->add_host();
    Permit held;
    crowd.take(host, 1, held);
    crowd.context.run();

    held.give_back();
    held.give_back();
    CHECK_FALSE(held);
    crowd.send(host);
    crowd.send(host);
    crowd.context.restart();
    crowd.context.run();

    CHECK(crowd.served == 2);
    CHECK(crowd.inside_host_max == 1);
}

TEST_CASE("a permit that another replaces makes room", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {1}, .per_host = 1});
    const auto host = crowd.permits->add_host();
    Permit held;
    crowd.take(host, 1, held);
    crowd.context.run();

    held = Permit{};
    crowd.send(host);
    crowd.context.restart();
    crowd.context.run();

    CHECK(crowd.served == 1);
}

TEST_CASE("permits of one host have different slots", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {9}, .per_host = 3});
    const auto host = crowd.permits->add_host();
    std::vector<Permit> held;
    for (int i = 0; i < 3; ++i) {
        asio::co_spawn(
            crowd.context, crowd.permits->acquire(host, 1),
            [&held](std::exception_ptr, Permit permit) { held.push_back(std::move(permit)); });
    }

    crowd.context.run();

    std::set<std::size_t> slots;
    for (const auto& permit : held) {
        slots.insert(permit.slot());
    }
    CHECK(slots == std::set<std::size_t>{0, 1, 2});
}

TEST_CASE("the most work comes first, then who came first", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {1}, .per_host = 1});
    const auto host = crowd.permits->add_host();
    const auto other = crowd.permits->add_host();
    std::vector<std::string> order;
    const auto wait = [&](std::size_t at, std::size_t work, const std::string& name) {
        asio::co_spawn(
            crowd.context, crowd.permits->acquire(at, work),
            [&order, name](std::exception_ptr, const Permit&) { order.push_back(name); });
    };

    wait(host, 100, "holder");
    wait(host, 1, "little");
    wait(other, 5, "some");
    wait(host, 9, "much");
    wait(other, 9, "as much, but later");
    crowd.context.run();

    CHECK(order ==
          std::vector<std::string>{"holder", "much", "as much, but later", "some", "little"});
}

TEST_CASE("who gives up waiting leaves no gap", "[prober][request_permits]") {
    using namespace asio::experimental::awaitable_operators;
    Crowd crowd({.per_shard = {1}, .per_host = 1});
    const auto host = crowd.permits->add_host();
    const auto other = crowd.permits->add_host();
    const auto busy = GENERATE_COPY(host, other);  // what is full: the host, or only its shard
    const auto give_up = [&]() -> asio::awaitable<std::size_t> {
        const auto held = co_await crowd.permits->acquire(busy, 1);
        auto race = crowd.visit(host) || asio::post(asio::use_awaitable);
        const auto winner = co_await std::move(race);
        co_return winner.index();
    };
    std::size_t winner = 0;
    asio::co_spawn(crowd.context, give_up(),
                   [&winner](std::exception_ptr, std::size_t index) { winner = index; });
    crowd.context.run();
    CHECK(winner == 1);

    crowd.send(host);
    crowd.context.restart();
    crowd.context.run();
    CHECK(crowd.served == 1);  // not if the place had been lost
}

TEST_CASE("closing turns away who waits and who comes", "[prober][request_permits]") {
    Crowd crowd({.per_shard = {1}, .per_host = 1});
    const auto host = crowd.permits->add_host();
    Permit held;
    crowd.take(host, 1, held);
    crowd.send(host);
    crowd.context.poll();

    crowd.permits->close();
    crowd.send(host);
    crowd.context.restart();
    crowd.context.run();

    CHECK(crowd.turned_away == 2);
    CHECK(crowd.served == 0);
}
