#include "tools/reports/xmlrpc_arguments.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using reports::Arguments;
using reports::Array;
using reports::Bytes;
using reports::Nil;
using reports::Struct;
using reports::XmlrpcValue;

namespace {

constexpr model::Timestamp time_2005 =
    std::chrono::sys_days{std::chrono::year{2005} / 9 / 15} + 11h + 42min + 2s;

XmlrpcValue tuple(const std::vector<std::int32_t>& numbers) {
    Array values;
    for (const auto number : numbers) {
        values.push_back({number});
    }
    return {values};
}

const XmlrpcValue five{std::int32_t{5}};
const XmlrpcValue word{std::string("word")};

}  // namespace

TEST_CASE("arguments are read in their order", "[reports][xmlrpc_arguments]") {
    const Array values{five, word, {Bytes{"a\x01"}}, {Array{word, word}}};
    Arguments arguments(values);

    CHECK(arguments.integer("id") == 5);
    CHECK(arguments.text("revision") == "word");
    CHECK(arguments.text_if_any("attempt") == "a\x01");
    CHECK(arguments.texts_if_any("types") == std::vector<std::string>{"word", "word"});
    CHECK(!arguments.fault().has_value());
}

TEST_CASE("what may be left out may be nil", "[reports][xmlrpc_arguments]") {
    const Array values{{Nil{}}, {Nil{}}};
    Arguments arguments(values);
    const Array nothing;
    Arguments none(nothing);

    CHECK(arguments.text_if_any("attempt").empty());
    CHECK(arguments.texts_if_any("types").empty());
    CHECK(none.text_if_any("attempt").empty());
    CHECK(none.texts_if_any("types").empty());
    CHECK(!arguments.fault().has_value());
    CHECK(!none.fault().has_value());
}

TEST_CASE("a wrong argument is named, the first of them", "[reports][xmlrpc_arguments]") {
    const auto [values, part] = GENERATE(table<Array, std::string>({
        {Array{}, "The argument id is missing"},
        {Array{word}, "id should be an int"},
        {Array{{1.0}}, "id should be an int"},
        {Array{{true}}, "id should be an int"},
        {Array{five}, "The argument text is missing"},
        {Array{five, five}, "text should be a string"},
        {Array{five, {Nil{}}}, "text should be a string"},
        {Array{five, word, five}, "types should be an array of strings"},
        {Array{five, word, {Array{word, five}}}, "types should be an array of strings"},
        {Array{five, word, {Array{}}, word}, "There are 4 arguments, and the method has 3"},
    }));
    Arguments arguments(values);

    arguments.integer("id");
    arguments.text("text");
    arguments.texts_if_any("types");

    const auto fault = arguments.fault();
    REQUIRE(fault.has_value());
    CHECK(fault->code == reports::fault_wrong_arguments);
    CAPTURE(fault->text);
    CHECK(fault->text.find(part) != std::string::npos);
}

TEST_CASE("a time is a dateTime or the nine integers of a time tuple, in UTC",
          "[reports][xmlrpc_arguments]") {
    const auto value = GENERATE(XmlrpcValue{time_2005}, tuple({2005, 9, 15, 11, 42, 2, 3, 258, 0}),
                                tuple({2005, 9, 15, 11, 42, 2, 3, 258, -1}));
    const Array values{value};
    Arguments arguments(values);

    CHECK(arguments.time("started") == time_2005);
    CHECK(!arguments.fault().has_value());
}

TEST_CASE("what is no real time is refused", "[reports][xmlrpc_arguments]") {
    const auto [why, value] = GENERATE(table<std::string, XmlrpcValue>({
        {"text", {std::string("2005-09-15T11:42:02Z")}},
        {"seconds since 1970", {std::int32_t{1126784522}}},
        {"eight of nine", tuple({2005, 9, 15, 11, 42, 2, 3, 258})},
        {"ten", tuple({2005, 9, 15, 11, 42, 2, 3, 258, 0, 0})},
        {"a text among them", {Array{word}}},
        {"month 0", tuple({2005, 0, 15, 11, 42, 2, 3, 258, 0})},
        {"month 13", tuple({2005, 13, 15, 11, 42, 2, 3, 258, 0})},
        {"no such day", tuple({2005, 2, 29, 11, 42, 2, 1, 60, 0})},
        {"hour 24", tuple({2005, 9, 15, 24, 42, 2, 3, 258, 0})},
        {"minute 60", tuple({2005, 9, 15, 11, 60, 2, 3, 258, 0})},
        {"negative second", tuple({2005, 9, 15, 11, 42, -1, 3, 258, 0})},
        {"before 1970", tuple({1969, 12, 31, 23, 59, 59, 2, 365, 0})},
        {"a number that would overflow", tuple({2147483647, 9, 15, 11, 42, 2, 3, 258, 0})},
        {"a struct", {Struct{}}},
    }));
    CAPTURE(why);
    const Array values{value};
    Arguments arguments(values);

    arguments.time("started");

    const auto fault = arguments.fault();
    REQUIRE(fault.has_value());
    CHECK(fault->text.find("started should be a dateTime.iso8601") != std::string::npos);
}
