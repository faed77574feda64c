#include "tools/service/login_slowdown.hpp"

#include "tools/cmake/catch.hpp"

using service::LoginSlowdown;
using namespace std::chrono_literals;

namespace {

constexpr model::Timestamp noon{std::chrono::microseconds{1'800'000'000'000'000}};

void fail(LoginSlowdown& slowdown, const std::string& client, int times) {
    for (int i = 0; i < times; ++i) {
        slowdown.failed(client, noon);
    }
}

}  // namespace

TEST_CASE("who fails to log in waits longer each time", "[service][login]") {
    const auto [failures, pause] = GENERATE(table<int, std::chrono::seconds>({
        {0, 0s},
        {4, 0s},
        {5, 1s},
        {6, 2s},
        {7, 4s},
        {10, 32s},
        {11, 60s},
        {12, 60s},
        {1'000, 60s},
    }));
    LoginSlowdown slowdown;
    INFO(failures);

    fail(slowdown, "192.0.2.7", failures);

    CHECK(slowdown.pause_of("192.0.2.7", noon) == pause);
    CHECK(slowdown.pause_of("192.0.2.8", noon) == 0s);
}

TEST_CASE("a pause passes, and begins anew with each failure", "[service][login]") {
    LoginSlowdown slowdown;
    fail(slowdown, "a", 7);

    CHECK(slowdown.pause_of("a", noon + 3s) == 1s);
    CHECK(slowdown.pause_of("a", noon + 3s + 1us) == 1s);
    CHECK(slowdown.pause_of("a", noon + 4s) == 0s);
    CHECK(slowdown.pause_of("a", noon - 24h) == 4s);  // the clock was set back
    slowdown.failed("a", noon + 4s);
    CHECK(slowdown.pause_of("a", noon + 4s) == 8s);
}

TEST_CASE("an hour without a failure, or a log-in, forgets", "[service][login]") {
    LoginSlowdown slowdown;
    fail(slowdown, "a", 9);
    fail(slowdown, "b", 9);

    slowdown.succeeded("a");
    slowdown.succeeded("nobody");

    CHECK(slowdown.pause_of("a", noon) == 0s);
    CHECK(slowdown.clients() == 1);
    slowdown.failed("b", noon + 1h);
    CHECK(slowdown.pause_of("b", noon + 1h) == 0s);
    CHECK(slowdown.pause_of("b", noon + 2h) == 0s);
    CHECK(slowdown.clients() == 0);
}

TEST_CASE("of too many clients those that failed longest ago are forgotten", "[service][login]") {
    LoginSlowdown slowdown;
    fail(slowdown, "first", 5);
    fail(slowdown, "second", 5);
    slowdown.failed("first", noon);

    for (std::size_t i = 0; i < LoginSlowdown::clients_max - 1; ++i) {
        slowdown.failed(std::to_string(i), noon);
    }

    CHECK(slowdown.clients() == LoginSlowdown::clients_max);
    CHECK(slowdown.pause_of("second", noon) == 0s);
    CHECK(slowdown.pause_of("first", noon) == 2s);
}
