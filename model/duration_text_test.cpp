#include "model/duration_text.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using std::chrono::seconds;

TEST_CASE("a span of time is said in the two units that matter", "[model][duration_text]") {
    const auto [count, expected, why] = GENERATE(table<std::int64_t, std::string, std::string>({
        {0, "0 s", "nothing"},
        {59, "59 s", "the last second"},
        {60, "1 min", "a minute"},
        {119, "1 min", "rounded down"},
        {3599, "59 min", "the last minute"},
        {3600, "1 h", "an hour, and no minutes"},
        {3600 + 59, "1 h", "less than a minute more"},
        {12'000, "3 h 20 min", "hours and minutes"},
        {86'399, "23 h 59 min", "the last minute of a day"},
        {86'400, "1 d", "a day"},
        {2 * 86'400 + 4 * 3600 + 1800, "2 d 4 h", "no third unit"},
        {9 * 86'400 + 23 * 3600, "9 d 23 h", "hours still matter"},
        {21 * 86'400 + 4 * 3600, "21 d", "hours matter to nobody after weeks"},
        {-12'000, "-3 h 20 min", "backwards"},
    }));
    CAPTURE(why);

    CHECK(model::duration_text(seconds{count}) == expected);
}

TEST_CASE("durations are read as a number and one letter", "[model][duration_text]") {
    const auto [text, expected, why] = GENERATE(table<std::string, std::int64_t, std::string>({
        {"30m", 1800, "minutes"},
        {"6h", 21'600, "hours"},
        {"7d", 604'800, "days"},
        {"2w", 1'209'600, "weeks"},
        {"0h", 0, "none at all"},
        {"3660d", 316'224'000, "ten years"},
        {"3661d", -1, "more than ten years"},
        {"99999999999999999999d", -1, "more than a number can hold"},
        {"7", -1, "no unit"},
        {"d", -1, "no number"},
        {"", -1, "nothing"},
        {"-7d", -1, "backwards"},
        {"+7d", -1, "a sign"},
        {"7.5d", -1, "a fraction"},
        {"7 d", -1, "a blank"},
        {"7dd", -1, "two letters"},
        {"7D", -1, "a capital"},
        {"7s", -1, "nobody judges by seconds"},
    }));
    CAPTURE(text, why);

    const auto duration = model::parse_duration(text);

    CHECK((duration ? duration->count() : -1) == expected);
}

TEST_CASE("durations are written in the largest exact unit up to days", "[model][duration_text]") {
    const auto [count, expected] = GENERATE(table<std::int64_t, std::string>({
        {1800, "30m"},
        {5400, "90m"},
        {21'600, "6h"},
        {36 * 3600, "36h"},
        {604'800, "7d"},
    }));

    CHECK(model::format_duration(seconds{count}) == expected);
}
