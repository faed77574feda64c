#include "model/retry_after.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::parse_retry_after;
using std::chrono::seconds;

TEST_CASE("a Retry-After is seconds or a date", "[model][retry_after]") {
    const auto now = *model::parse_timestamp("1999-12-31T23:58:00Z");
    constexpr seconds year(365 * 86'400);
    using Wait = std::optional<seconds>;
    const auto [text, expected, why] = GENERATE_COPY(table<std::string, Wait, std::string>({
        {"120", seconds(120), "RFC 9110's example of seconds"},
        {"Fri, 31 Dec 1999 23:59:59 GMT", seconds(119), "RFC 9110's example of a date"},
        {"0", seconds(0), "at once"},
        {" 7\t", seconds(7), "blanks around it"},
        {"Fri, 31 Dec 1999 23:00:00 GMT", seconds(0), "in the past: at once"},
        {"99999999999999999999", year, "more than any number holds"},
        {"Fri, 31 Dec 2999 23:59:59 GMT", year, "not in anyone's life"},
        {"", std::nullopt, "none"},
        {"-1", std::nullopt, "negative"},
        {"1.5", std::nullopt, "a fraction"},
        {"soon", std::nullopt, "a word"},
        {"Fri, 32 Dec 1999 23:59:59 GMT", std::nullopt, "no such day"},
        {"Fri, 31 Foo 1999 23:59:59 GMT", std::nullopt, "no such month"},
        {"Fri, 31 Dec 1999 24:59:59 GMT", std::nullopt, "no such hour"},
        {"Fri, 31 Dec 1999 23:59:59 CET", std::nullopt, "HTTP's dates are GMT"},
    }));
    CAPTURE(text, why);

    CHECK(parse_retry_after(text, now) == expected);
}
