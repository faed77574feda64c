#include "model/trace_file.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::parse_trace;

TEST_CASE("a trace of each age of ftpsync is read", "[model][trace_file]") {
    const auto [text, tool, upstream,
                why] = GENERATE(table<std::string, std::string, std::string, std::string>({
        {"Sat Nov 21 08:12:05 UTC 2026\n"
         "Date: Sat, 21 Nov 2026 08:12:05 +0000\n"
         "Date-Started: Sat, 21 Nov 2026 08:02:11 +0000\n"
         "Archive serial: 2026112101\n"
         "Creator: ftpsync 20180513\n"
         "Running on host: mirror.example\n"
         "Architectures: all amd64 arm64 source\n"
         "Upstream-mirror: syncproxy.example\n"
         "Total time spent in rsync: 594\n",
         "ftpsync 20180513", "syncproxy.example", "since 2016"},
        {"Sat Nov 21 08:12:05 UTC 2026\n"
         "Used ftpsync version: 20120521\n"
         "Running on host: mirror.example\n"
         "Architectures: FULL\n"
         "Upstream-mirror: [2001:db8::1]\n",
         "ftpsync 20120521", "[2001:db8::1]", "before 2016"},
        {"Sat Nov 21 08:12:05 UTC 2026\nUsed ftpsync-pushrsync from: a.example\n",
         "ftpsync-pushrsync", "", "pushed"},
        {"Sat Nov 21 08:12:05 UTC 2026\nUsed rsmir version 1\nUpstream-mirror: b.example\n",
         "rsmir version 1", "b.example", "somebody's own tool"},
        {"Sat Nov 21 08:12:05 GMT 2026\r\nCreator: dak\r\n", "dak", "", "of the archive itself"},
        {"Sat Nov 21 08:12:05 UTC 2026", "", "", "the date alone"},
    }));
    INFO(why);

    const auto trace = parse_trace("mirror.example", text);

    REQUIRE(trace.has_value());
    CHECK(trace->name == "mirror.example");
    REQUIRE(trace->last_sync.has_value());
    CHECK(model::format_timestamp(*trace->last_sync) == "2026-11-21T08:12:05Z");
    CHECK(trace->tool == tool);
    CHECK(trace->upstream == upstream);
}

TEST_CASE("what does not begin with a date is no trace", "[model][trace_file]") {
    CHECK_FALSE(parse_trace("a", ""));
    CHECK_FALSE(parse_trace("a", "<!DOCTYPE html>\n"));
    CHECK_FALSE(parse_trace("a", "\nSat Nov 21 08:12:05 UTC 2026\n"));
    CHECK_FALSE(parse_trace("a", "Creator: ftpsync 20180513\n"));
}

TEST_CASE("what would harm a screen or fill a database is left out", "[model][trace_file]") {
    const auto trace = parse_trace("a",
                                   "Sat Nov 21 08:12:05 UTC 2026\nCreator: a\x1B[2J\n"
                                   "Upstream-mirror: " +
                                       std::string(201, 'x') + "\nUpstream-mirror: b.example\n");

    REQUIRE(trace.has_value());
    CHECK(trace->tool.empty());
    CHECK(trace->upstream == "b.example");
}
