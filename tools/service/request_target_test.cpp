#include "tools/service/request_target.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;

namespace {

/// The path, or the word for what is wrong with the target.
std::string outcome(std::string_view target, std::string_view base_path = "") {
    const auto parsed = parse_target(target, base_path);
    if (parsed.has_value()) {
        return parsed->path;
    }
    switch (parsed.error()) {
    case TargetFault::malformed: return "malformed";
    case TargetFault::leaves_place: return "leaves place";
    case TargetFault::other_place: return "other place";
    }
    return "";
}

}  // namespace

TEST_CASE("a request's target is a path that stays where it is", "[service][request_target]") {
    const auto [target, path, why] = GENERATE(table<std::string, std::string, std::string>({
        {"/", "/", "the root"},
        {"/a/b?c=d", "/a/b", "with a query"},
        {"/a/", "/a/", "a slash at the end"},
        {"/mirrors/caf%C3%A9", "/mirrors/caf\xC3\xA9", "UTF-8"},
        {"/a...b/..c", "/a...b/..c", "dots in names are fine"},
        {"http://example.org/a", "/a", "absolute form"},
        {"HTTPS://example.org:8080/a?b", "/a", "schemes know no case"},
        {"http://example.org", "/", "absolute form without a path"},
        {"http://example.org?a=b", "/", "the same with a query"},
        {"", "malformed", "nothing"},
        {"*", "malformed", "the server itself"},
        {"a/b", "malformed", "no slash"},
        {"example.org:443", "malformed", "authority form"},
        {"ftp://example.org/", "malformed", "another scheme"},
        {"/a#b", "malformed", "a fragment"},
        {"/%", "malformed", "a broken escape"},
        {"/a%00b", "malformed", "a NUL"},
        {"/a%0d%0ab", "malformed", "a line end"},
        {"/%ff", "malformed", "no UTF-8"},
        {"/a?b=%ff", "malformed", "no UTF-8 in the query"},
        {"/a%2Fb", "malformed", "a slash in a name"},
        {"/a\\b", "malformed", "a backslash"},
        {"/a%5Cb", "malformed", "an escaped backslash"},
        {"//", "leaves place", "an empty segment"},
        {"/a//b", "leaves place", "an empty segment in the middle"},
        {"/.", "leaves place", "a dot"},
        {"/..", "leaves place", "two dots"},
        {"/a/../b", "leaves place", "upwards"},
        {"/a/..", "leaves place", "upwards at the end"},
        {"/%2e%2e/etc/passwd", "leaves place", "escaped dots"},
        {"/a/%2E/b", "leaves place", "an escaped dot"},
    }));
    INFO(why << ": " << target);

    CHECK(outcome(target) == path);
}

TEST_CASE("below a base path the path begins anew", "[service][request_target]") {
    const auto [target, path, why] = GENERATE(table<std::string, std::string, std::string>({
        {"/branch1/ubuntu/mirrors", "/mirrors", "below it"},
        {"/branch1/ubuntu/", "/", "its root"},
        {"/branch1/ubuntu", "/", "the same without a slash"},
        {"/branch1/ubuntu?a", "/", "the same with a query"},
        {"/branch1/ubuntu2/x", "other place", "a longer name"},
        {"/branch1", "other place", "above it"},
        {"/mirrors", "other place", "beside it"},
        {"/branch1/ubuntu/../x", "leaves place", "out of it"},
    }));
    INFO(why << ": " << target);

    CHECK(outcome(target, "/branch1/ubuntu") == path);
}

TEST_CASE("a query is read with its target", "[service][request_target]") {
    const auto parsed = parse_target("/mirrors?country=BR&q=a+b", "");

    REQUIRE(parsed.has_value());
    CHECK(parsed->query ==
          std::vector<std::pair<std::string, std::string>>{{"country", "BR"}, {"q", "a b"}});
}

TEST_CASE("a base path is made of plain segments", "[service][request_target]") {
    CHECK(is_base_path(""));
    CHECK(is_base_path("/branch1/ubuntu"));
    for (const char* wrong : {"/", "a", "/a/", "//a", "/a//b", "/..", "/a b", "/%41", "/a?b"}) {
        INFO(wrong);
        CHECK_FALSE(is_base_path(wrong));
    }
}
