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
