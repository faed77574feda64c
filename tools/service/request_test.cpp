#include "tools/service/request.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;

TEST_CASE("the first value of a name counts", "[service][request]") {
    Request request;
    request.query = {{"a", "1"}, {"a", "2"}};
    request.fields = {{"accept", "x"}, {"accept", "y"}};
    request.captures = {{"name", "valid-mirror"}};

    CHECK(query_value(request, "a") == "1");
    CHECK_FALSE(query_value(request, "b").has_value());
    CHECK(field(request, "accept") == "x");
    CHECK_FALSE(field(request, "host").has_value());
    CHECK(capture(request, "name") == "valid-mirror");
    CHECK(capture(request, "other").empty());
}

TEST_CASE("a cookie is found by its whole name", "[service][request]") {
    const auto [sent, value, why] =
        GENERATE(table<std::string, std::optional<std::string>, std::string>({
            {"session=abc", "abc", "alone"},
            {"a=b; session=abc; c=d", "abc", "among others"},
            {"a=b;session=abc", "abc", "without a blank"},
            {" session = abc ", "abc", "with many"},
            {"session=a=b", "a=b", "an equals sign in the value"},
            {"session=", "", "empty"},
            {"session", std::nullopt, "no value at all"},
            {"xsession=abc", std::nullopt, "a longer name"},
            {"session2=abc", std::nullopt, "another longer name"},
            {"Session=abc", std::nullopt, "names know case"},
            {"session=one; session=two", "one", "twice"},
            {";;;", std::nullopt, "nothing"},
        }));
    INFO(why);
    Request request;
    request.fields = {{"cookie", sent}};

    CHECK(cookie(request, "session") == value);
}

TEST_CASE("cookies may stand in several fields", "[service][request]") {
    Request request;
    request.fields = {{"cookie", "a=b"}, {"cookie", "session=abc"}};

    CHECK(cookie(request, "session") == "abc");
}
