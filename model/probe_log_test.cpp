#include "model/probe_log.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using model::first_lines;
using model::format_log_line;
using model::format_log_remark;
using model::OutcomeKind;

namespace {

model::Timestamp noon_and_a_bit() {
    using namespace std::chrono_literals;
    return std::chrono::sys_days{2026y / 11 / 21} + 5h + 9min + 123999us;
}

}  // namespace

TEST_CASE("a log line holds time, outcome, URL and meaning", "[model][probe_log]") {
    struct Row {
        model::Outcome outcome;
        std::string url;
        std::string final_url;
        std::string meaning;
        std::string expected;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {{OutcomeKind::http_status, 404},
         "http://m.example/dists/hoary/main/source/Sources.gz",
         "",
         "row removed: no index",
         "http-status 404  http://m.example/dists/hoary/main/source/Sources.gz  "
         "row removed: no index\n",
         "not found"},
        {{OutcomeKind::ok, 0},
         "http://m/a",
         "",
         "row ensured",
         "ok  http://m/a  row ensured\n",
         "found"},
        {{OutcomeKind::ok, 0},
         "http://m/a",
         "https://n/a",
         "row ensured",
         "ok  http://m/a -> https://n/a  row ensured\n",
         "found after a redirect"},
        {{OutcomeKind::refused, 0}, "http://m/a", "", "", "refused  http://m/a\n", "no meaning"},
        {{OutcomeKind::ok, 0},
         "http://m/a\r\nb",
         "",
         "x",
         "ok  http://m/a%0D%0Ab  x\n",
         "a line break in the URL"},
        {{OutcomeKind::ok, 0},
         "http://m/a",
         "http://n/\x1B[2J\x7F",
         "x",
         "ok  http://m/a -> http://n/%1B[2J%7F  x\n",
         "a terminal's command in a redirect"},
        {{OutcomeKind::ok, 0},
         "http://m/\xC3\xA9",
         "",
         "x",
         "ok  http://m/\xC3\xA9  x\n",
         "UTF-8 stays readable"},
        {{OutcomeKind::ok, 0}, "http://m/\xE9", "", "x", "ok  http://m/%E9  x\n", "Latin-1"},
        {{OutcomeKind::ok, 0},
         "http://m/\xC2\x9B",
         "",
         "x",
         "ok  http://m/%C2%9B  x\n",
         "a C1 control"},
        {{OutcomeKind::ok, 0},
         "http://m/\xE2\x80\xA8",
         "",
         "x",
         "ok  http://m/%E2%80%A8  x\n",
         "a line break of Unicode"},
        {{OutcomeKind::ok, 0},
         "http://m/a  row ensured",
         "",
         "x",
         "ok  http://m/a%20%20row%20ensured  x\n",
         "a URL cannot invent a column"},
        {{OutcomeKind::ok, 0},
         std::string("http://m/\0", 10),
         "",
         "x",
         "ok  http://m/%00  x\n",
         "NUL"},
        {{OutcomeKind::ok, 0},
         "http://m/a",
         "",
         "said \"no\"\nand more",
         "ok  http://m/a  said \"no\"%0Aand more\n",
         "a line break in the meaning"},
    }));
    CAPTURE(row.why);

    const std::string line = format_log_line({.when = noon_and_a_bit(),
                                              .outcome = row.outcome,
                                              .url = row.url,
                                              .final_url = row.final_url,
                                              .meaning = row.meaning});

    CHECK(line == "2026-11-21T05:09:00.123Z  " + row.expected);
}

TEST_CASE("whatever comes from outside, a line stays a line", "[model][probe_log]") {
    for (int first = 0; first < 256; ++first) {
        for (const char second : {'\n', '\x80', '\xBF', 'a'}) {
            const std::string hostile{static_cast<char>(first), second, '\n'};

            const std::string line = format_log_line({.when = {},
                                                      .outcome = {},
                                                      .url = hostile,
                                                      .final_url = hostile,
                                                      .meaning = hostile});

            CAPTURE(first, line);
            REQUIRE(line.find_first_of("\r\n") == line.size() - 1);
            REQUIRE(line.find('\x1B') == std::string::npos);
            REQUIRE(line.find('\0') == std::string::npos);
        }
    }
}

TEST_CASE("a remark is a line about the whole probe", "[model][probe_log]") {
    CHECK(format_log_remark(noon_and_a_bit(), "probed 3 indexes") ==
          "2026-11-21T05:09:00.123Z  probed 3 indexes\n");
    CHECK(format_log_remark(noon_and_a_bit(), "a\nb") == "2026-11-21T05:09:00.123Z  a%0Ab\n");
}

TEST_CASE("milliseconds are cut, never rounded up into the next second", "[model][probe_log]") {
    using namespace std::chrono_literals;
    const auto time = std::chrono::sys_days{2026y / 1 / 2} + 59s + 999999us;

    CHECK(format_log_remark(time, "x") == "2026-01-02T00:00:59.999Z  x\n");
}

TEST_CASE("first_lines cuts a text after some lines", "[model][probe_log]") {
    const auto [text, lines, expected] = GENERATE(table<std::string, std::size_t, std::string>({
        {"", 3, ""},
        {"a\nb\nc\n", 0, ""},
        {"a\nb\nc\n", 1, "a\n"},
        {"a\nb\nc\n", 3, "a\nb\nc\n"},
        {"a\nb\nc\n", 4, "a\nb\nc\n"},
        {"a\nb", 2, "a\nb"},
        {"\n\nc", 2, "\n\n"},
    }));
    CAPTURE(text, lines);

    CHECK(first_lines(text, lines) == expected);
}

TEST_CASE("a finding is three lines of the log", "[model][probe_log]") {
    model::Finding finding;
    finding.rule = "torn-index";
    finding.severity = model::Severity::bad;
    finding.subject = "bookworm";
    finding.summary = "Packages.gz is another one";
    finding.request = "HEAD http://mirror.example/Packages.gz";
    finding.answer = "200, 5 bytes";
    finding.expected = "6 bytes";
    finding.curl = "curl -sSIL http://mirror.example/Packages.gz";
    finding.remedy = "Sync again.";

    CHECK(model::format_log_finding(*model::parse_timestamp("2026-11-21T05:09:00Z"), finding) ==
          "2026-11-21T05:09:00.000Z  bad torn-index bookworm: Packages.gz is another one (HEAD "
          "http://mirror.example/Packages.gz: 200, 5 bytes; expected 6 bytes)\n"
          "2026-11-21T05:09:00.000Z    see it: curl -sSIL http://mirror.example/Packages.gz\n"
          "2026-11-21T05:09:00.000Z    mend it: Sync again.\n");
}
