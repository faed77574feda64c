#include "model/timestamp.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::format_timestamp;
using model::parse_timestamp;
using model::Timestamp;

namespace {

// 2005-09-15 00:00:00 UTC, as `date -u -d 2005-09-15 +%s` says.
constexpr Timestamp midnight{std::chrono::seconds{1126742400}};

constexpr std::chrono::microseconds clock_of(int hour, int minute, int second, int microsecond) {
    return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
           std::chrono::microseconds{microsecond};
}

}  // namespace

TEST_CASE("parse_timestamp reads every spelling of a moment", "[model][timestamp]") {
    const auto [why, text, expected] = GENERATE(table<std::string, std::string, Timestamp>({
        {"T and Z", "2005-09-15T11:42:02Z", midnight + clock_of(11, 42, 2, 0)},
        {"six digits", "2005-09-15T11:42:02.870714Z", midnight + clock_of(11, 42, 2, 870714)},
        {"one digit is tenths", "2005-09-15T11:42:02.5Z", midnight + clock_of(11, 42, 2, 500000)},
        {"a blank, no zone", "2005-09-15 11:42:02.870714", midnight + clock_of(11, 42, 2, 870714)},
        {"UTC as an offset", "2005-09-15T11:42:02+00:00", midnight + clock_of(11, 42, 2, 0)},
        {"east is earlier", "2005-09-15T11:42:02+02:30", midnight + clock_of(9, 12, 2, 0)},
        {"west is later", "2005-09-14T23:30:00-05:00", midnight + clock_of(4, 30, 0, 0)},
        {"the first moment", "1970-01-01T00:00:00Z", Timestamp{}},
        {"a leap day", "2004-02-29T00:00:00Z", Timestamp{std::chrono::seconds{1078012800}}},
        {"the last second", "9999-12-31T23:59:59Z", Timestamp{std::chrono::seconds{253402300799}}},
    }));
    CAPTURE(why, text);

    const auto moment = parse_timestamp(text);

    REQUIRE(moment.has_value());
    CHECK(*moment == expected);
}

TEST_CASE("parse_timestamp refuses what is no moment", "[model][timestamp]") {
    const auto [why, text] = GENERATE(table<std::string, std::string>({
        {"empty", ""},
        {"only a date", "2005-09-15"},
        {"no seconds", "2005-09-15T11:42Z"},
        {"no leap year", "2005-02-29T00:00:00Z"},
        {"month 0", "2005-00-15T00:00:00Z"},
        {"month 13", "2005-13-15T00:00:00Z"},
        {"day 0", "2005-09-00T00:00:00Z"},
        {"day 31 in September", "2005-09-31T00:00:00Z"},
        {"hour 24", "2005-09-15T24:00:00Z"},
        {"minute 60", "2005-09-15T11:60:00Z"},
        {"a leap second", "2005-09-15T11:42:60Z"},
        {"one digit", "2005-9-15T11:42:02Z"},
        {"five digits of year", "12005-09-15T11:42:02Z"},
        {"a point without digits", "2005-09-15T11:42:02.Z"},
        {"seven digits", "2005-09-15T11:42:02.8707141Z"},
        {"two blanks", "2005-09-15  11:42:02Z"},
        {"blank before", " 2005-09-15T11:42:02Z"},
        {"line end after", "2005-09-15T11:42:02Z\n"},
        {"a named zone", "2005-09-15T11:42:02 CET"},
        {"offset without colon", "2005-09-15T11:42:02+0000"},
        {"offset of 24 hours", "2005-09-15T11:42:02+24:00"},
        {"offset of 60 minutes", "2005-09-15T11:42:02+00:60"},
        {"a sign in a number", "2005-09-15T11:42:+2Z"},
        {"before 1970", "1969-12-31T23:59:59Z"},
        {"before 1970 by its offset", "1970-01-01T00:00:00+00:01"},
        {"after 9999 by its offset", "9999-12-31T23:59:59-00:01"},
    }));
    CAPTURE(why, text);

    CHECK_FALSE(parse_timestamp(text).has_value());
}

TEST_CASE("format_timestamp shows a fraction only where there is one", "[model][timestamp]") {
    CHECK(format_timestamp(midnight) == "2005-09-15T00:00:00Z");
    CHECK(format_timestamp(midnight + clock_of(11, 42, 2, 870714)) ==
          "2005-09-15T11:42:02.870714Z");
    CHECK(format_timestamp(midnight + clock_of(11, 42, 2, 5)) == "2005-09-15T11:42:02.000005Z");
    CHECK(format_timestamp(Timestamp{}) == "1970-01-01T00:00:00Z");
}

TEST_CASE("format_timestamp keeps a moment before 1970 in order", "[model][timestamp]") {
    CHECK(format_timestamp(Timestamp{std::chrono::microseconds{-1}}) ==
          "1969-12-31T23:59:59.999999Z");
}
