#include "prober/loop_lag.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

using namespace std::chrono_literals;
using prober::LoopLag;

namespace {

void block_for(std::chrono::milliseconds time) {
    const auto end = LoopLag::Clock::now() + time;
    while (LoopLag::Clock::now() < end) {
    }
}

}  // namespace

TEST_CASE("a loop that was blocked is seen to be late", "[prober][loop_lag]") {
    boost::asio::io_context context(1);
    int ticks_left = 3;
    LoopLag lag(context.get_executor(), [&ticks_left] { return --ticks_left > 0; });
    const auto start = LoopLag::Clock::now();
    lag.watch();
    boost::asio::post(context, [] { block_for(500ms); });

    context.run();

    CHECK(lag.worst_since(start) >= 300ms);
    CHECK(lag.worst_since(LoopLag::Clock::now()) == 0ms);
}

TEST_CASE("who asks before the late tick runs sees the lateness too", "[prober][loop_lag]") {
    boost::asio::io_context context(1);
    LoopLag lag(context.get_executor(), [] { return false; });
    const auto start = LoopLag::Clock::now();
    lag.watch();
    std::chrono::milliseconds seen{0};
    boost::asio::post(context, [&] {
        block_for(500ms);
        seen = lag.worst_since(start);
    });

    context.run();

    CHECK(seen >= 300ms);
}

TEST_CASE("a loop without anything to watch can end", "[prober][loop_lag]") {
    boost::asio::io_context context(1);
    int asked = 0;
    LoopLag lag(context.get_executor(), [&asked] { return ++asked < 2; });
    lag.watch();

    context.run();  // would never come back

    CHECK(asked == 2);
}
