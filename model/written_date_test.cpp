#include "model/written_date.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::format_timestamp;
using model::parse_http_date;
using model::parse_release_date;
using model::parse_timestamp;
using model::parse_trace_date;

namespace {

std::string written(std::optional<model::Timestamp> moment) {
    return moment ? format_timestamp(*moment) : "none";
}

}  // namespace

TEST_CASE("a Release's date is read where apt reads it", "[model][written_date]") {
    const auto [text, moment, why] = GENERATE(table<std::string, std::string, std::string>({
        {"Sat, 21 Nov 2026 08:00:00 UTC", "2026-11-21T08:00:00Z", "as dak and reprepro write"},
        {"Wed, 1 Jul 2026 23:59:59 UTC", "2026-07-01T23:59:59Z", "aptly writes one digit"},
        {"Sat, 21 Nov 2026  8:00:00 UTC", "2026-11-21T08:00:00Z", "Launchpad fills with a blank"},
        {"Sat, 21 Nov 2026  0:00:00 UTC", "2026-11-21T00:00:00Z", "the same at midnight"},
        {"Wed,  1 Jul 2026\t8:00:00  UTC", "2026-07-01T08:00:00Z", "any blanks are one to apt"},
        {"Sat, 21 Nov 2026 8:00:00 UTC", "2026-11-21T08:00:00Z", "an hour of one digit"},
        {"Wed, 01 Jul 2026 23:59:59 GMT", "2026-07-01T23:59:59Z", "the same zone"},
        {"Wed, 01 Jul 2026 23:59:59 Z", "2026-07-01T23:59:59Z", "the same zone"},
        {"Wed, 01 Jul 2026 23:59:59 +0000", "2026-07-01T23:59:59Z", "the same zone"},
        {"Wed, 01 Jul 2026 23:59:59 -0000", "2026-07-01T23:59:59Z", "the same zone"},
        {"Thu, 29 Feb 2024 00:00:00 UTC", "2024-02-29T00:00:00Z", "a leap year"},
        {"Mon, 21 Nov 2026 08:00:00 UTC", "2026-11-21T08:00:00Z", "it was a Saturday, says nobody"},
        {"Thu, 01 Jan 1970 00:00:00 UTC", "1970-01-01T00:00:00Z", "the first moment"},
        {"Wed, 31 Dec 1969 23:59:59 UTC", "none", "before the first moment"},
        {"Sat, 21 Nov 2026 08:00:00 CET", "none", "another zone"},
        {"Sat, 21 Nov 2026 08:00:00 +0100", "none", "another zone"},
        {"Sat, 21 Nov 2026 08:00:00", "none", "no zone"},
        {"Sat, 21 Nov 2026 08:00:00 UTC ", "none", "something after it"},
        {"Sat, 21 Nov 2026 08:00:00 UTCX", "none", "something after it"},
        {" Sat, 21 Nov 2026 08:00:00 UTC", "none", "something before it"},
        {"Sam, 21 Nov 2026 08:00:00 UTC", "none", "another language's day"},
        {"Sat, 21 Dez 2026 08:00:00 UTC", "none", "another language's month"},
        {"Sat 21 Nov 2026 08:00:00 UTC", "none", "no comma"},
        {"Sun, 29 Feb 2026 08:00:00 UTC", "none", "no such day"},
        {"Sat, 0 Nov 2026 08:00:00 UTC", "none", "no such day"},
        {"Sat, 21 Nov 2026 24:00:00 UTC", "none", "no such hour"},
        {"Sat, 21 Nov 2026 008:00:00 UTC", "none", "no such hour"},
        {"Sat, 21 Nov 2026 :00:00 UTC", "none", "no hour"},
        {"Sat, 21 Nov 2026 08:60:00 UTC", "none", "no such minute"},
        {"Sat, 21 Nov 2026 08:00:60 UTC", "none", "a leap second"},
        {"Sat, 21 Nov 26 08:00:00 UTC", "none", "half a year"},
        {"Sat, 21 Nov 12026 08:00:00 UTC", "none", "too far away"},
        {"2026-11-21T08:00:00Z", "none", "another form"},
        {"", "none", "nothing"},
    }));
    INFO(why);

    CHECK(written(parse_release_date(text)) == moment);
}

TEST_CASE("a web server's date is read in each of the three forms", "[model][written_date]") {
    const auto now = parse_timestamp("2026-11-21T08:00:00Z").value();
    // The first three are the examples of RFC 9110, section 5.6.7.
    const auto [text, moment, why] = GENERATE(table<std::string, std::string, std::string>({
        {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z", "IMF-fixdate"},
        {"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z", "RFC 850"},
        {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z", "asctime"},
        {"Sun Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z", "asctime, two digits"},
        {"Friday, 06-Nov-76 08:49:37 GMT", "2076-11-06T08:49:37Z", "50 years ahead"},
        {"Saturday, 06-Nov-77 08:49:37 GMT", "1977-11-06T08:49:37Z", "more than 50 years ahead"},
        {"Sun, 06 Nov 1994 08:49:37 UTC", "none", "the zone is called GMT here"},
        {"Sun, 6 Nov 1994 08:49:37 GMT", "none", "the day has two digits"},
        {"Sun, 06 Nov 1994  8:49:37 GMT", "none", "the hour has two digits"},
        {"Sun, 06 Nov 1994  08:49:37 GMT", "none", "one blank is one blank"},
        {"Sun, 06-Nov-94 08:49:37 GMT", "none", "neither of two forms"},
        {"Sun Nov 6 08:49:37 1994", "none", "asctime fills the day with a blank"},
        {"Sun Nov  6 08:49:37 1994 GMT", "none", "asctime has no zone"},
        {"sun, 06 nov 1994 08:49:37 gmt", "none", "letters have their case"},
        {"-1", "none", "as Expires often says"},
    }));
    INFO(why);

    CHECK(written(parse_http_date(text, now)) == moment);
}

TEST_CASE("a trace's first line is what `date -u` prints", "[model][written_date]") {
    CHECK(written(parse_trace_date("Sat Nov 21 08:12:05 UTC 2026")) == "2026-11-21T08:12:05Z");
    CHECK(written(parse_trace_date("Sun Nov  1 08:12:05 UTC 2026")) == "2026-11-01T08:12:05Z");
    CHECK(written(parse_trace_date("Sat Nov 21 08:12:05 GMT 2026")) == "2026-11-21T08:12:05Z");
    CHECK(written(parse_trace_date("Sat Nov 21 08:12:05 CET 2026")) == "none");
    CHECK(written(parse_trace_date("Sat Nov 21 08:12:05 2026")) == "none");
    CHECK(written(parse_trace_date("<html>")) == "none");
}
