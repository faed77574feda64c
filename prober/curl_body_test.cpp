#include "prober/curl_body.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using prober::BodySink;
using prober::BodyWatch;

namespace {

constexpr std::uint64_t bytes_max = 10;

}  // namespace

TEST_CASE("a sink gets as much as is wanted", "[prober][curl_body]") {
    struct Case {
        std::string why;
        std::vector<std::string> pieces;
        std::size_t taken;  // of the last piece
        std::string got;
        bool is_cut;
    };
    const auto& [why, pieces, taken, got, is_cut] = GENERATE(values<Case>({
        {"all of a small body", {"abc", "def"}, 3, "abcdef", false},
        {"a body of just the size", {"abcde", "fghij"}, 5, "abcdefghij", false},
        {"the beginning of a larger one", {"abcde", "fghijk"}, 0, "abcdefghij", true},
        {"one byte too many", {"abcdefghij", "k"}, 0, "abcdefghij", true},
        {"until it has enough", {"abc", "enough"}, 0, "abcenough", true},
    }));
    INFO(why);
    std::string sunk;
    const prober::GetRequest wish{.url = {},
                                  .bytes_max = bytes_max,
                                  .if_none_match = {},
                                  .if_modified_since = {},
                                  .sink = [&sunk](std::string_view piece) {
                                      sunk += piece;
                                      return piece != "enough";
                                  }};
    BodySink sink(wish);

    std::size_t last = 0;
    for (const auto& piece : pieces) {
        last = sink.take(piece);
    }

    CHECK(last == taken);
    CHECK(sunk == got);
    CHECK(sink.bytes() == got.size());
    CHECK(sink.is_cut() == is_cut);
}

TEST_CASE("what a sink throws is kept, and given out once", "[prober][curl_body]") {
    const prober::GetRequest wish{
        .url = {},
        .bytes_max = bytes_max,
        .if_none_match = {},
        .if_modified_since = {},
        .sink = [](std::string_view) -> bool { throw std::runtime_error("disk full"); }};
    BodySink sink(wish);

    CHECK(sink.take("abc") == 0);

    const auto error = sink.take_error();
    REQUIRE(error != nullptr);
    CHECK_THROWS_WITH(std::rethrow_exception(error), "disk full");
    CHECK(sink.take_error() == nullptr);
}

TEST_CASE("a body that stops coming is stalled", "[prober][curl_body]") {
    struct Case {
        std::string why;
        std::vector<BodyWatch::Progress> progress;  // at the end of each stretch of 5 ms
    };
    // 1000 bytes a second are 5 in a stretch.
    const auto& [why, progress] = GENERATE(values<Case>({
        {"nothing came", {{false, 0}}},
        {"only the head came, and then nothing", {{true, 0}, {true, 0}}},
        {"it was fast, and is slow now", {{true, 500}, {true, 504}}},
        {"it was just fast enough, and is slow now", {{true, 100}, {true, 105}, {true, 109}}},
    }));
    INFO(why);
    boost::asio::io_context loop;
    std::size_t asked = 0;
    std::optional<std::size_t> stalled_after;
    const auto& answers = progress;
    BodyWatch watch(loop.get_executor(), 5ms,
                    {.progress = [&] { return answers.at(asked++); },
                     .stalled = [&] { stalled_after = asked; }});

    loop.run();

    CHECK(stalled_after == progress.size());
}

TEST_CASE("a watch that has ended asks nothing", "[prober][curl_body]") {
    boost::asio::io_context loop;
    std::optional<BodyWatch> watch;
    int stalls = 0;
    watch.emplace(loop.get_executor(), 1ms,
                  BodyWatch::Questions{.progress = [] { return BodyWatch::Progress{}; },
                                       .stalled =
                                           [&] {
                                               ++stalls;
                                               watch.reset();  // as the end of a request does
                                           }});
    loop.run();
    CHECK(stalls == 1);

    watch.emplace(loop.get_executor(), 1ms,
                  BodyWatch::Questions{.progress = [] { return BodyWatch::Progress{}; },
                                       .stalled = [&] { ++stalls; }});
    watch.reset();
    loop.restart();
    loop.run();
    CHECK(stalls == 1);
}
