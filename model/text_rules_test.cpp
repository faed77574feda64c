#include "model/text_rules.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace std::string_literals;
using model::in_quotes;
using model::is_archive_word;
using model::is_plain_text;
using model::is_relative_path;
using model::is_version;
using model::Lines;

TEST_CASE("plain text is UTF-8 without control characters", "[model][text_rules]") {
    const auto [why, text, expected] = GENERATE(table<std::string, std::string, bool>({
        {"empty", "", true},
        {"ASCII", "Foo Bar", true},
        {"two bytes", "José", true},
        {"three bytes", "ミラー", true},
        {"four bytes", "\xF0\x9F\x98\x80", true},
        {"the last code point", "\xF4\x8F\xBF\xBF", true},
        {"a zero byte", "a\0b"s, false},
        {"a line end", "a\nb", false},
        {"escape", "a\x1B[2J", false},
        {"delete", "a\x7F", false},
        {"a control character of two bytes", "a\xC2\x85", false},
        {"a line separator", "a\xE2\x80\xA8", false},
        {"a lone continuation", "\x80", false},
        {"cut off", "\xC3", false},
        {"two bytes for an ASCII letter", "\xC1\x81", false},
        {"three bytes where two do", "\xE0\x80\x80", false},
        {"four bytes where three do", "\xF0\x80\x80\x80", false},
        {"a surrogate", "\xED\xA0\x80", false},
        {"beyond the last code point", "\xF4\x90\x80\x80", false},
        {"Latin-1", "Jos\xE9", false},
    }));
    CAPTURE(why);

    CHECK(is_plain_text(text, Lines::one) == expected);
}

TEST_CASE("text of many lines may hold line ends and tabs", "[model][text_rules]") {
    CHECK(is_plain_text("a\r\n\tb\n", Lines::many));
    CHECK_FALSE(is_plain_text("a\x1B", Lines::many));
    CHECK_FALSE(is_plain_text("a\0"s, Lines::many));
}

TEST_CASE("an archive word is short and plain", "[model][text_rules]") {
    const auto [why, text, expected] = GENERATE(table<std::string, std::string, bool>({
        {"a series", "breezy-autotest", true},
        {"a component", "non-free_x", true},
        {"a package", "libstdc++6", true},
        {"upper case", "Main", true},
        {"as long as may be", std::string(100, 'a'), true},
        {"too long", std::string(101, 'a'), false},
        {"empty", "", false},
        {"a dash first", "-a", false},
        {"dots", "..", false},
        {"a slash", "a/b", false},
        {"a blank", "a b", false},
        {"beyond ASCII", "é", false},
        {"a tilde", "a~", false},
    }));
    CAPTURE(why);

    CHECK(is_archive_word(text) == expected);
}

TEST_CASE("a version may hold a colon and tildes", "[model][text_rules]") {
    CHECK(is_version("2:1.9-1~bpo12+1"));
    CHECK_FALSE(is_version(""));
    CHECK_FALSE(is_version("~1"));
    CHECK_FALSE(is_version("1 0"));
}

TEST_CASE("a relative path stays below the base URL", "[model][text_rules]") {
    const auto [why, text, expected] = GENERATE(table<std::string, std::string, bool>({
        {"one segment", "a.iso", true},
        {"several", "pool/main/a/alsa-utils/alsa-utils_1.0.9a-4.dsc", true},
        {"a hidden folder", ".pool/x", true},
        {"three dots are a name", ".../x", true},
        {"empty", "", false},
        {"a slash first", "/etc/passwd", false},
        {"a slash last", "a/", false},
        {"two slashes", "a//b", false},
        {"up", "../a", false},
        {"up in the middle", "a/../../b", false},
        {"up at the end", "a/..", false},
        {"here", "./a", false},
        {"an escape", "a/%2e%2e/b", false},
        {"a query", "a?b", false},
        {"a blank", "a b", false},
        {"a backslash", "a\\..\\b", false},
        {"too long", std::string(1'001, 'a'), false},
    }));
    CAPTURE(why, text);

    CHECK(is_relative_path(text) == expected);
}

TEST_CASE("a quoted text is short and harmless", "[model][text_rules]") {
    CHECK(in_quotes("main") == "\"main\"");
    CHECK(in_quotes("José") == "\"José\"");
    CHECK(in_quotes("a\x1B[2J\nb") == "\"a?[2J?b\"");
    CHECK(in_quotes("\xFF") == "\"?\"");
    CHECK(in_quotes("a\u202Eb\u2066") == "\"a?b?\"");
    CHECK(in_quotes(std::string(60, 'a')) == "\"" + std::string(60, 'a') + "\"");
    CHECK(in_quotes(std::string(61, 'a')) == "\"" + std::string(60, 'a') + "...\"");
    // The 60th byte would be half of a letter.
    CHECK(in_quotes(std::string(59, 'a') + "éé") == "\"" + std::string(59, 'a') + "...\"");
}
