#include "model/mail_header.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using model::encode_header_address;
using model::encode_header_text;

namespace {

std::string repeat(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

const std::string penguin = "\xF0\x9F\x90\xA7";

}  // namespace

TEST_CASE("encode_header_text keeps ASCII and encodes the rest", "[model][mail_header]") {
    const auto [text, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"", "", "nothing"},
        {"Mirror x was disabled", "Mirror x was disabled", "ASCII"},
        {"a\r\nBcc: victim@example.org", "a  Bcc: victim@example.org", "a header cannot be added"},
        {"a\nb\rc\td", "a b c d", "nor with half a line break"},
        {std::string("a\0b", 3), "a b", "NUL"},
        {"a\xC2\x85"
         "b\xE2\x80\xA8"
         "c",
         "a b c", "line breaks of Unicode"},
        {"J\xC3\xB6rg", "=?UTF-8?B?SsO2cmc=?=", "one letter outside ASCII"},
        {penguin + "b", "=?UTF-8?B?8J+Qp2I=?=", "outside the basic plane"},
        {"J\xC3\xB6rg\r\nBcc: x", "=?UTF-8?B?SsO2cmcgIEJjYzogeA==?=", "hidden in an encoded word"},
        {"=?UTF-8?Q?x?=", "=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=", "what only looks encoded"},
        {"\xFF", "=?UTF-8?B?77+9?=", "no UTF-8: U+FFFD"},
    }));
    CAPTURE(why);

    CHECK(encode_header_text(text) == expected);
}

TEST_CASE("encode_header_text splits between characters", "[model][mail_header]") {
    // 36 letters and a penguin of 4 bytes would be 40 bytes, more than a word holds.
    const std::string letters = repeat("a", 36);
    const std::string letters_encoded = repeat("YWFh", 12);
    const auto [text, expected, why] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {letters + penguin, "=?UTF-8?B?" + letters_encoded + "?= =?UTF-8?B?8J+Qpw==?=",
         "the penguin goes to the next word"},
        {repeat("a", 35) + penguin,
         "=?UTF-8?B?" + repeat("YWFh", 11) + "YWHwn5Cn?=", "39 bytes are one word"},
        {repeat("\xE2\x82\xAC", 14),
         "=?UTF-8?B?" + repeat("4oKs", 13) + "?= =?UTF-8?B?4oKs?=", "13 euros are 39 bytes"},
    }));
    CAPTURE(why);

    CHECK(encode_header_text(text) == expected);
}

TEST_CASE("no encoded word is longer than 75 characters", "[model][mail_header]") {
    const std::string unit = GENERATE_COPY(
        values<std::string>({penguin, "\xC3\xA9", "a" + penguin, "ab" + penguin, "\xE2\x82\xAC"}));
    for (int times = 1; times < 60; ++times) {
        std::string words = encode_header_text(repeat(unit, times) + penguin) + " ";
        while (!words.empty()) {
            const std::string word = words.substr(0, words.find(' '));
            CAPTURE(times, word);
            REQUIRE(word.size() <= 75);
            REQUIRE(word.starts_with("=?UTF-8?B?"));
            REQUIRE(word.ends_with("?="));
            words.erase(0, word.size() + 1);
        }
    }
}

TEST_CASE("encode_header_address writes the name as mail programs read it",
          "[model][mail_header]") {
    const auto [name, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"Foo Bar", "Foo Bar <a@b.org>", "words"},
        {"", "a@b.org", "no name"},
        {"Foo & Bar's", "Foo & Bar's <a@b.org>", "signs that an atom may have"},
        {"Bar, Foo", "\"Bar, Foo\" <a@b.org>", "a comma would end the address"},
        {"J. R. Hacker", "\"J. R. Hacker\" <a@b.org>", "a dot"},
        {"Mirrors (Team)", "\"Mirrors (Team)\" <a@b.org>", "would be a comment"},
        {"The \"Best\" Mirror", "\"The \\\"Best\\\" Mirror\" <a@b.org>", "quotes"},
        {"back\\slash", "\"back\\\\slash\" <a@b.org>", "a backslash"},
        {"x <evil@example.org>", "\"x <evil@example.org>\" <a@b.org>", "another address"},
        {"J\xC3\xB6rg", "=?UTF-8?B?SsO2cmc=?= <a@b.org>", "outside ASCII"},
        {"Z\xC3\xBCrich, \"Nord\"", "=?UTF-8?B?WsO8cmljaCwgIk5vcmQi?= <a@b.org>",
         "signs need no quotes inside an encoded word"},
        {"=?x?", "=?UTF-8?B?PT94Pw==?= <a@b.org>", "looks like an encoded word"},
        {"Foo\r\nBcc: x", "\"Foo  Bcc: x\" <a@b.org>", "a header cannot be added"},
    }));
    CAPTURE(why);

    CHECK(encode_header_address({.name = name, .address = "a@b.org"}) == expected);
}

TEST_CASE("an address with a line break cannot add a header", "[model][mail_header]") {
    CHECK(encode_header_address({.name = "", .address = "a@b.org\r\nBcc: c@d.org"}) ==
          "a@b.org  Bcc: c@d.org");
}

TEST_CASE("fold_header breaks a line between words", "[model][mail_header]") {
    const std::string forty(40, 'x');
    const std::string hundred(100, 'l');
    const auto [line, expected, why] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {"", "", "nothing"},
        {"Subject: short", "Subject: short", "fits"},
        {"Subject: " + forty + " " + forty, "Subject: " + forty + "\r\n " + forty, "too long"},
        {"Subject: " + forty + "  " + forty, "Subject: " + forty + "\r\n  " + forty,
         "no blank is lost"},
        {"Subject: " + hundred + " b", "Subject: " + hundred + "\r\n b", "not before the value"},
        {"Subject: " + forty + " " + std::string(26, 'y'),
         "Subject: " + forty + " " + std::string(26, 'y'), "76 characters fit"},
        {"Subject: " + forty + " " + std::string(27, 'y'),
         "Subject: " + forty + "\r\n " + std::string(27, 'y'), "77 do not"},
        {"Subject: " + std::string(70, 'x') + "          ",
         "Subject: " + std::string(70, 'x') + "          ", "no line of blanks alone"},
    }));
    CAPTURE(why);

    CHECK(model::fold_header(line) == expected);
}

TEST_CASE("format_mail_date writes the date of RFC 5322", "[model][mail_header]") {
    using namespace std::chrono_literals;
    using std::chrono::sys_days;
    const auto [time, expected] = GENERATE(table<model::Timestamp, std::string>({
        {sys_days{2026y / 11 / 21} + 5h + 9min, "Sat, 21 Nov 2026 05:09:00 +0000"},
        {sys_days{2005y / 9 / 4} + 23h + 59min + 59s + 999999us, "Sun, 04 Sep 2005 23:59:59 +0000"},
        {sys_days{2024y / 2 / 29}, "Thu, 29 Feb 2024 00:00:00 +0000"},
        {sys_days{1970y / 1 / 1}, "Thu, 01 Jan 1970 00:00:00 +0000"},
    }));

    CHECK(model::format_mail_date(time) == expected);
}
