#include "model/sha256.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::parse_sha256;

namespace {

// Of the text of no bytes. Source: FIPS 180-4's examples; `sha256sum </dev/null` says so too.
const std::string of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

TEST_CASE("a digest reads as it is written, first byte first", "[model][sha256]") {
    const auto digest = parse_sha256(of_nothing);

    REQUIRE(digest.has_value());
    CHECK(digest->bytes[0] == 0xE3);
    CHECK(digest->bytes[1] == 0xB0);
    CHECK(digest->bytes[31] == 0x55);
    CHECK(to_string(*digest) == of_nothing);
}

TEST_CASE("digits of either case are the same digest, written in lower case", "[model][sha256]") {
    const auto upper =
        parse_sha256("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");

    REQUIRE(upper.has_value());
    CHECK(upper == parse_sha256(of_nothing));
    CHECK(to_string(*upper) == of_nothing);
}

TEST_CASE("what is not 64 hexadecimal digits is no digest", "[model][sha256]") {
    CHECK_FALSE(parse_sha256(""));
    CHECK_FALSE(parse_sha256(of_nothing.substr(1)));
    CHECK_FALSE(parse_sha256(of_nothing + "0"));
    CHECK_FALSE(parse_sha256(" " + of_nothing.substr(1)));
    CHECK_FALSE(parse_sha256("g" + of_nothing.substr(1)));
    CHECK_FALSE(parse_sha256("@" + of_nothing.substr(1)));  // the byte before 'A'
    CHECK_FALSE(parse_sha256(of_nothing.substr(1) + ":"));  // the byte after '9'
}
