#include "tools/service/negotiation.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace service;

TEST_CASE("Accept-Encoding says whether gzip may be sent", "[service][negotiation]") {
    const auto [field, accepted, why] = GENERATE(table<std::string, bool, std::string>({
        {"", false, "nothing is accepted"},
        {"gzip", true, "by name"},
        {"GZip", true, "codings know no case"},
        {"x-gzip", true, "its old name"},
        {"br, gzip;q=0.5", true, "with a weight"},
        {"br , gzip ; q=0.001", true, "blanks are allowed"},
        {"gzip;q=0", false, "not wanted"},
        {"gzip;q=0.000", false, "not wanted, in full"},
        {"gzip;Q=0", false, "the weight's name knows no case"},
        {"*", true, "anything"},
        {"*;q=0", false, "nothing else"},
        {"*, gzip;q=0", false, "the name counts more than the star"},
        {"gzip, *;q=0", true, "the name counts more than the star"},
        {"identity", false, "not named"},
        {"gzippy", false, "another name"},
        {"br;gzip", false, "a parameter is no coding"},
        {"gzip;q=", false, "an empty weight"},
        {"gzip;q=x", false, "no weight"},
        {",,,", false, "nothing at all"},
        {",gzip,", true, "empty elements do not count"},
    }));
    INFO(why << ": " << field);

    CHECK(accepts_gzip(field) == accepted);
}

TEST_CASE("Accept says whether a fault is shown as a page", "[service][negotiation]") {
    const auto [field, prefers, why] = GENERATE(table<std::string, bool, std::string>({
        {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true,
         "a browser"},
        {"text/html", true, "by name"},
        {"TEXT/HTML", true, "types know no case"},
        {"text/html;level=1", true, "with a parameter"},
        {"", false, "nothing is said"},
        {"*/*", false, "a script"},
        {"text/*", false, "no name"},
        {"application/json", false, "JSON alone"},
        {"application/json, text/html", false, "JSON as much"},
        {"application/problem+json, text/html;q=0.9", false, "problems more"},
        {"application/json;q=0.4, text/html;q=0.5", true, "HTML more"},
        {"application/json;q=0.501, text/html;q=0.51", true, "to the thousandth"},
        {"text/html;q=0", false, "HTML is not wanted"},
        {"text/html;q=x", false, "no weight"},
        {"text/htmlx", false, "another type"},
    }));
    INFO(why << ": " << field);

    CHECK(prefers_html(field) == prefers);
}

TEST_CASE("If-None-Match names an entity tag by the weak comparison", "[service][negotiation]") {
    const auto [field, tag, named, why] =
        GENERATE(table<std::string, std::string, bool, std::string>({
            {"\"a\"", "\"a\"", true, "the same"},
            {"\"b\"", "\"a\"", false, "another"},
            {"\"a-gz\"", "\"a\"", false, "the compressed form is another"},
            {"W/\"a\"", "\"a\"", true, "weak by the client"},
            {"\"a\"", "W/\"a\"", true, "weak by us"},
            {"\"x\", \"a\"", "\"a\"", true, "in a list"},
            {"\"x\",W/\"a\" , \"y\"", "\"a\"", true, "in the middle of one"},
            {"*", "\"a\"", true, "any"},
            {" * ", "\"a\"", true, "any, with blanks"},
            {"\"x*\"", "\"a\"", false, "a star in a tag is a star"},
            {"a", "\"a\"", false, "without its marks"},
            {"\"a", "\"a\"", false, "never closed"},
            {"", "\"a\"", false, "nothing"},
        }));
    INFO(why << ": " << field);

    CHECK(names_entity_tag(field, tag) == named);
}
