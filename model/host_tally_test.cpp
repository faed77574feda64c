#include "model/host_tally.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("a port is mute that never answered, and let two requests time out",
          "[model][host_tally]") {
    const auto [requests, timeouts, answers, expected, why] =
        GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t, bool, std::string>({
            {0, 0, 0, false, "never asked"},
            {1, 1, 0, false, "one timeout is bad luck"},
            {2, 2, 0, true, "never answered, and cost two time limits"},
            {9, 2, 0, true, "refusals between the timeouts are no answers"},
            {3, 2, 1, false, "it has answered once: wait for evidence"},
            {5000, 0, 0, false, "refused each time, which costs nothing"},
        }));
    CAPTURE(requests, timeouts, answers, why);

    CHECK(model::is_mute({.requests = requests, .timeouts = timeouts, .answers = answers}) ==
          expected);
}

TEST_CASE("a host is hopeless after 30 requests with a third timed out", "[model][host_tally]") {
    const auto [requests, timeouts, answers, expected, why] =
        GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t, bool, std::string>({
            {0, 0, 0, false, "never asked"},
            {2, 2, 0, false, "mute, perhaps at one port alone"},
            {29, 28, 1, false, "too early to tell"},
            {30, 9, 21, false, "less than a third"},
            {30, 10, 20, true, "exactly a third"},
            {31, 10, 21, false, "just below a third"},
            {30, 30, 0, true, "all of them"},
            {5000, 0, 0, false, "refused each time, which costs nothing"},
            {4'000'000'000U, 1'400'000'000U, 1, true, "no overflow"},
            {4'000'000'000U, 1'300'000'000U, 1, false, "no overflow the other way"},
        }));
    CAPTURE(requests, timeouts, answers, why);

    CHECK(model::is_hopeless({.requests = requests, .timeouts = timeouts, .answers = answers}) ==
          expected);
}
