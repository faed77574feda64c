#include "prober/host_manners.hpp"

#include "tools/cmake/catch.hpp"

#include <vector>

using namespace std::chrono_literals;
using model::PauseStep;
using prober::HostManners;

namespace {

constexpr HostManners::Clock::time_point start{1000s};

model::HostRules at_most(double requests_per_second) {
    model::HostRules rules;
    rules.requests_per_second = requests_per_second;
    return rules;
}

}  // namespace

TEST_CASE("a host that asks for nothing is asked at once", "[prober][host_manners]") {
    HostManners manners;
    CHECK(manners.is_free());
    CHECK(manners.take_turn(start) == start);
    CHECK(manners.take_turn(start) == start);

    CHECK(manners.heed(404, std::nullopt, 60s, start) == PauseStep::carry_on);
    CHECK(manners.is_free());

    manners.set_rules({});  // a contact alone
    CHECK(manners.is_free());
}

TEST_CASE("requests to a host keep their distance", "[prober][host_manners]") {
    HostManners manners;
    manners.set_rules(at_most(4));

    const std::vector<HostManners::Clock::time_point> turns{
        manners.take_turn(start), manners.take_turn(start), manners.take_turn(start + 100ms),
        manners.take_turn(start + 10s)};

    CHECK_FALSE(manners.is_free());
    // And who comes late owes nothing.
    CHECK(turns == std::vector{start, start + 250ms, start + 500ms, start + 10s});
}

TEST_CASE("a host is left alone for as long as it asks", "[prober][host_manners]") {
    HostManners manners;

    CHECK(manners.heed(429, 10s, 60s, start) == PauseStep::wait);

    CHECK_FALSE(manners.is_free());
    CHECK(manners.take_turn(start + 1s) == start + 10s);
    CHECK(manners.take_turn(start + 11s) == start + 11s);
    CHECK_FALSE(manners.is_put_off());
}

TEST_CASE("requests that were under way together wait once", "[prober][host_manners]") {
    HostManners manners;

    CHECK(manners.heed(429, 40s, 60s, start) == PauseStep::wait);
    CHECK(manners.heed(429, 40s, 60s, start + 1s) == PauseStep::wait);

    CHECK(manners.take_turn(start + 2s) == start + 41s);
}

TEST_CASE("a host that asks for more time than there is, is left for this run",
          "[prober][host_manners]") {
    HostManners manners;

    SECTION("at once") {
        CHECK(manners.heed(503, 3600s, 60s, start) == PauseStep::come_later);
    }
    SECTION("again and again") {
        auto now = start;
        int waits = 0;
        while (manners.heed(429, 20s, 60s, now) == PauseStep::wait) {
            ++waits;
            now = manners.take_turn(now);
        }
        CHECK(waits == 3);
        CHECK(now == start + 60s);
    }
    CHECK(manners.is_put_off());
}

TEST_CASE("what a host disallows is known by its path", "[prober][host_manners]") {
    HostManners manners;
    CHECK_FALSE(manners.disallows("/debian/pool/a"));
    model::HostRules rules;
    rules.disallowed = {"/debian/pool/"};

    manners.set_rules(rules);

    CHECK_FALSE(manners.is_free());
    CHECK(manners.disallows("/debian/pool/a"));
    CHECK_FALSE(manners.disallows("/debian/dists/a"));
}
