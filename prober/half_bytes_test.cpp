#include "prober/half_bytes.hpp"

#include "tools/cmake/catch.hpp"

using prober::HalfBytes;

TEST_CASE("half bytes begin at zero, also the last of an odd number", "[prober][half_bytes]") {
    const HalfBytes numbers(3);

    CHECK(numbers.size() == 3);
    CHECK(numbers[0] == 0);
    CHECK(numbers[2] == 0);
}

TEST_CASE("a half byte is set without its neighbours, and again to less", "[prober][half_bytes]") {
    HalfBytes numbers(5);
    for (std::size_t place = 0; place < numbers.size(); ++place) {
        numbers.set(place, static_cast<std::uint8_t>(place + 11));
    }

    numbers.set(2, 1);
    numbers.set(3, 0);

    CHECK(numbers[0] == 11);
    CHECK(numbers[1] == 12);
    CHECK(numbers[2] == 1);
    CHECK(numbers[3] == 0);
    CHECK(numbers[4] == HalfBytes::max);
}
