#include "tools/workers/retry_pause.hpp"

#include "tools/cmake/catch.hpp"

#include <limits>

using std::chrono::milliseconds;
using std::chrono::seconds;
using workers::retry_pause;

TEST_CASE("pauses double from a second to a minute", "[workers][retry_pause]") {
    CHECK(retry_pause(1, 0, std::nullopt) == seconds(1));
    CHECK(retry_pause(2, 0, std::nullopt) == seconds(2));
    CHECK(retry_pause(6, 0, std::nullopt) == seconds(32));
    CHECK(retry_pause(7, 0, std::nullopt) == seconds(60));
    CHECK(retry_pause(std::numeric_limits<int>::max(), 0, std::nullopt) == seconds(60));
    CHECK(retry_pause(0, 0, std::nullopt) == seconds(1));
}

TEST_CASE("chance leaves out up to half of a pause", "[workers][retry_pause]") {
    CHECK(retry_pause(2, 1, std::nullopt) == seconds(1));
    CHECK(retry_pause(2, 0.5, std::nullopt) == milliseconds(1500));
    CHECK(retry_pause(2, 7, std::nullopt) == seconds(1));
}

TEST_CASE("a service that asks for time gets it, within bounds", "[workers][retry_pause]") {
    CHECK(retry_pause(1, 1, seconds(30)) == seconds(30));
    CHECK(retry_pause(7, 0, seconds(5)) == seconds(60));
    CHECK(retry_pause(1, 0, seconds(1'000'000)) == seconds(600));
    CHECK(retry_pause(1, 0, seconds(-5)) == seconds(1));
}
