#include "tools/service/percent_coding.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;
using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("escapes are decoded into valid text alone", "[service][percent_coding]") {
    const auto [escaped, decoded, why] =
        GENERATE(table<std::string, std::optional<std::string>, std::string>({
            {"", "", "nothing"},
            {"a%20b", "a b", "a blank"},
            {"a+b", "a+b", "a plus is a plus in a path"},
            {"%C3%a9", "\xC3\xA9", "UTF-8, in digits of either case"},
            {"\xC3\xA9", "\xC3\xA9", "UTF-8 as it is"},
            {"%", std::nullopt, "no digits"},
            {"a%4", std::nullopt, "one digit"},
            {"%4g", std::nullopt, "no digit"},
            {"%-1", std::nullopt, "a sign is no digit"},
            {"%00", std::nullopt, "a NUL"},
            {"%0A", std::nullopt, "a line end"},
            {"%7f", std::nullopt, "DEL"},
            {"%ff", std::nullopt, "no UTF-8"},
            {"%C3", std::nullopt, "half a character"},
            {"%C0%AF", std::nullopt, "an overlong slash"},
            {"%ED%A0%80", std::nullopt, "half a surrogate pair"},
            {"%252e", "%2e", "decoded once"},
        }));
    INFO(why);

    CHECK(percent_decode(escaped, Plus::itself) == decoded);
}

TEST_CASE("forms and query strings are names and values", "[service][percent_coding]") {
    const auto [text, pairs, why] = GENERATE(table<std::string, std::optional<Pairs>, std::string>({
        {"", Pairs{}, "nothing"},
        {"a=1&b=2", Pairs{{"a", "1"}, {"b", "2"}}, "two"},
        {"a=1&a=2", Pairs{{"a", "1"}, {"a", "2"}}, "one name twice, in order"},
        {"a", Pairs{{"a", ""}}, "no value"},
        {"=x", Pairs{{"", "x"}}, "no name"},
        {"a==", Pairs{{"a", "="}}, "the first sign of equality counts"},
        {"&&a=1&", Pairs{{"a", "1"}}, "empty pieces"},
        {"a=x+y%2Bz", Pairs{{"a", "x y+z"}}, "a plus is a blank"},
        {"a%3Db=c%26d", Pairs{{"a=b", "c&d"}}, "escaped signs do not part"},
        {"text=a%0D%0Ab", Pairs{{"text", "a\r\nb"}}, "lines of a text area"},
        {"a%0Ab=1", std::nullopt, "lines in a name"},
        {"a=%", std::nullopt, "a broken escape"},
        {"a=%ff", std::nullopt, "no UTF-8"},
        {"a=%00", std::nullopt, "a NUL"},
    }));
    INFO(why);

    CHECK(parse_form(text) == pairs);
}

TEST_CASE("a form has a hundred fields at most", "[service][percent_coding]") {
    std::string text;
    for (std::size_t i = 0; i < pairs_max; ++i) {
        text += "a=1&";
    }

    CHECK(parse_form(text).has_value());
    CHECK_FALSE(parse_form(text + "a=1").has_value());
}
