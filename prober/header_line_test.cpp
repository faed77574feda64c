#include "prober/header_line.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace std::string_literals;

TEST_CASE("a content type is told from other headers, whatever its case", "[prober][header_line]") {
    const auto [line, expected] = GENERATE(table<std::string, bool>({
        {"Content-Type: text/html\r\n", true},
        {"content-type:text/plain", true},
        {"CONTENT-TYPE: x\r\n", true},
        {"Content-Types: text/html\r\n", false},
        {"X-Content-Type: text/html\r\n", false},
        {"Content-Length: 12\r\n", false},
        {"Content-Type:", false},  // it says nothing
        {"", false},
    }));
    CAPTURE(line);

    CHECK(prober::is_content_type(line) == expected);
}

TEST_CASE("a web page is told by its type, with parameters or without", "[prober][header_line]") {
    const auto [line, expected] = GENERATE(table<std::string, bool>({
        {"Content-Type: text/html\r\n", true},
        {"Content-Type:\t TEXT/HTML; charset=utf-8\r\n", true},
        {"Content-Type:text/html", true},
        {"Content-Type: text/plain\r\n", false},
        {"Content-Type: application/gzip; was=text/html\r\n", false},
        {"Content-Type: \r\n", false},
    }));
    CAPTURE(line);

    CHECK(prober::is_html(line) == expected);
}

TEST_CASE("what would end a header or start another is not sent", "[prober][header_line]") {
    const auto [value, expected] = GENERATE(table<std::string, bool>({
        {"\"5f-1a\"", true},
        {"a\tb", true},
        {"caf\xC3\xA9", true},
        {"", false},
        {"a\r\nHost: b", false},
        {"a\nb", false},
        {"a\0b"s, false},
        {"a\x7F", false},
    }));
    CAPTURE(value);

    CHECK(prober::can_be_sent(value) == expected);
}
