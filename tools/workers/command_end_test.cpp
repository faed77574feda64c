#include "tools/workers/command_end.hpp"

#include "tools/cmake/catch.hpp"

#include <cerrno>
#include <csignal>

using workers::judge_command;
using workers::last_line;
using workers::ProcessEnd;
using How = ProcessEnd::How;

TEST_CASE("the last line is the last that says something", "[workers][command_end]") {
    const auto [why, text, expected] = GENERATE(table<const char*, const char*, const char*>({
        {"one line", "abc\n", "abc"},
        {"no line end", "abc", "abc"},
        {"blank lines after it", "first\n  last word \n\n \n", "last word"},
        {"a line of DOS", "a\r\nb\r\n", "b"},
        {"progress that writes over itself", "10 %\r100 %\r", "100 %"},
        {"nothing", "", ""},
        {"nothing but blanks", " \n\t\n", ""},
    }));
    CAPTURE(why);

    CHECK(last_line(text) == expected);
}

TEST_CASE("a command's end becomes a report and a status", "[workers][command_end]") {
    using Row = std::tuple<const char*, ProcessEnd, bool, const char*, int>;
    const auto [why, end, is_complete, words,
                status] = GENERATE(table<const char*, ProcessEnd, bool, const char*, int>({
        Row{"well", {How::exited, 0, "log\nr42\n", "warning\n"}, true, "r42", 0},
        Row{"no revision",
            {How::exited, 0, "\n", ""},
            false,
            "ended well, but printed no revision",
            1},
        Row{"no text",
            {How::exited, 0, "r\x1b[1m\n", ""},
            false,
            "ended well, but its last line is no revision: \"r?[1m\"",
            1},
        Row{"failed",
            {How::exited, 3, "r42\n", "first\nno route to host\n"},
            false,
            "no route to host",
            3},
        Row{"failed silently", {How::exited, 3, "r42\n", " \n"}, false, "ended with status 3", 3},
        Row{"killed",
            {How::killed, SIGKILL, "r42\n", "copying\n"},
            false,
            "killed by SIGKILL: copying",
            137},
        Row{"killed silently", {How::killed, SIGSEGV, "", ""}, false, "killed by SIGSEGV", 139},
        Row{"too slow",
            {How::timed_out, SIGTERM, "r42\n", ""},
            false,
            "timed out after 1 min",
            124},
        Row{"too slow, and ended well on SIGTERM",
            {How::timed_out, 0, "r42\n", ""},
            false,
            "timed out after 1 min",
            124},
        Row{"we are to end",
            {How::stopped, SIGTERM, "", "half\n"},
            false,
            "interrupted: half",
            143},
        Row{"not there",
            {How::not_started, ENOENT, "", ""},
            false,
            "could not run \"sync\": No such file or directory",
            127},
        Row{"no program",
            {How::not_started, EACCES, "", ""},
            false,
            "could not run \"sync\": Permission denied",
            126},
    }));
    CAPTURE(why);

    const auto verdict = judge_command(end, "sync", std::chrono::seconds(60));

    CHECK(verdict.is_complete == is_complete);
    CHECK(verdict.words == words);
    CHECK(exit_status_of(end, verdict) == status);
}
