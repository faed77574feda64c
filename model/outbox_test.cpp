#include "model/outbox.hpp"

#include "tools/cmake/catch.hpp"

#include <limits>
#include <string>

using model::DeliveryState;
using model::parse_delivery_state;

TEST_CASE("a delivery state has one name that reads back", "[model][outbox]") {
    const auto [state, name] = GENERATE(table<DeliveryState, std::string>({
        {DeliveryState::waiting, "waiting"},
        {DeliveryState::uncertain, "uncertain"},
        {DeliveryState::sent, "sent"},
    }));
    CAPTURE(name);

    CHECK(model::to_string(state) == name);
    CHECK(parse_delivery_state(name) == state);
}

TEST_CASE("a delivery state in other words is none", "[model][outbox]") {
    const std::string text = GENERATE("", "Sent", "waiting ", "3");
    CAPTURE(text);

    CHECK_FALSE(parse_delivery_state(text).has_value());
}

TEST_CASE("the pause doubles with each failure, up to half a day", "[model][outbox]") {
    const auto [attempts, minutes] = GENERATE(table<int, int>({
        {-1, 5},  // not a count, but no reason to hammer the server
        {0, 5},
        {1, 5},
        {2, 10},
        {3, 20},
        {7, 320},
        {8, 640},
        {9, 720},  // 1,280 would be more than 12 hours
        {10, 720},
        {std::numeric_limits<int>::max(), 720},
    }));
    CAPTURE(attempts);

    CHECK(model::delivery_pause(attempts).count() == minutes);
}
