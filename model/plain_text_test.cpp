#include "model/plain_text.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::first_character;
using model::one_line;
using model::wrap;

TEST_CASE("first_character knows what is well-formed UTF-8", "[model][plain_text]") {
    struct Row {
        std::string text;
        std::size_t length;
        bool is_valid;
        bool is_control;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {"abc", 1, true, false, "ASCII"},
        {"\xC3\xA9x", 2, true, false, "two bytes"},
        {"\xE2\x82\xAC", 3, true, false, "three bytes"},
        {"\xF0\x9F\x90\xA7", 4, true, false, "four bytes"},
        {"\xF4\x8F\xBF\xBF", 4, true, false, "the last code point"},
        {std::string(1, '\0'), 1, true, true, "NUL"},
        {"\n", 1, true, true, "a line break"},
        {"\x1B[2J", 1, true, true, "escape"},
        {"\x7F", 1, true, true, "delete"},
        {"\xC2\x85", 2, true, true, "next line, a C1 control"},
        {"\xC2\x9B", 2, true, true, "the C1 form of escape ["},
        {"\xC2\xA0", 2, true, false, "the first after C1"},
        {"\xE2\x80\xA8", 3, true, true, "line separator"},
        {"\xE2\x80\xA9", 3, true, true, "paragraph separator"},
        {"\x80", 1, false, false, "a continuation without a start"},
        {"\xC3", 1, false, false, "cut off"},
        {"\xC3x", 1, false, false, "a start without its continuation"},
        {"\xF0\x9F\x90", 1, false, false, "cut off late"},
        {"\xC0\x8A", 1, false, false, "a line break in an overlong form"},
        {"\xE0\x80\x8A", 1, false, false, "and a longer one"},
        {"\xF0\x80\x80\x8A", 1, false, false, "and the longest"},
        {"\xED\xA0\x80", 1, false, false, "a surrogate"},
        {"\xF4\x90\x80\x80", 1, false, false, "beyond the last code point"},
        {"\xFF", 1, false, false, "never in UTF-8"},
    }));
    CAPTURE(row.why);

    const auto character = first_character(row.text);

    CHECK(character.length == row.length);
    CHECK(character.is_valid == row.is_valid);
    CHECK(character.is_control == row.is_control);
}

TEST_CASE("one_line leaves one line of valid text", "[model][plain_text]") {
    const auto [text, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"", "", "nothing"},
        {"Foo Bar", "Foo Bar", "plain"},
        {"Foo\r\nBcc: x", "Foo  Bcc: x", "line breaks"},
        {"a\tb\x7F"
         "c",
         "a b c", "other controls"},
        {"a\xC2\x85"
         "b\xE2\x80\xA8"
         "c",
         "a b c", "line breaks of Unicode"},
        {"J\xC3\xB6rg", "J\xC3\xB6rg", "a letter outside ASCII stays"},
        {"J\xF6rg", "J\xEF\xBF\xBDrg", "Latin-1 is no UTF-8"},
    }));
    CAPTURE(why);

    CHECK(one_line(text) == expected);
}

TEST_CASE("wrap breaks lines between words", "[model][plain_text]") {
    const std::string word(30, 'w');
    const std::string long_word(100, 'l');
    const std::string letter = "\xC3\xA9";
    std::string accents;
    for (int i = 0; i < 37; ++i) {
        accents += letter;
    }

    CHECK(wrap("", {"", ""}) == "\n");
    CHECK(wrap("one two", {"* ", "  "}) == "* one two\n");
    CHECK(wrap("one   two ", {"", ""}) == "one two\n");
    CHECK(wrap(word + " " + word + " " + word, {"* ", "  "}) ==
          "* " + word + " " + word + "\n  " + word + "\n");
    CHECK(wrap("a " + long_word + " b", {"", "> "}) == "a\n> " + long_word + "\n> b\n");
    // 2 + 37 + 1 + 36 = 76 characters fit, whatever their bytes; 77 do not.
    CHECK(wrap(accents + " " + std::string(36, 'x'), {"* ", "  "}) ==
          "* " + accents + " " + std::string(36, 'x') + "\n");
    CHECK(wrap(accents + " " + std::string(37, 'x'), {"* ", "  "}) ==
          "* " + accents + "\n  " + std::string(37, 'x') + "\n");
}
