#include "tools/service/compression.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;

TEST_CASE("what was compressed comes back", "[service][compression]") {
    const auto text = GENERATE(std::string(), std::string("a"), std::string(100'000, 'x'));

    const auto unpacked = gunzip(gzip(text), 100'000);

    REQUIRE(unpacked.has_value());
    CHECK(*unpacked == text);
}

TEST_CASE("gzip files after each other are one", "[service][compression]") {
    CHECK(gunzip(gzip("one, ") + gzip("two"), 100) == "one, two");
}

TEST_CASE("damaged files, and larger ones than allowed, are refused", "[service][compression]") {
    const std::string file = gzip(std::string(1000, 'x'));

    CHECK_FALSE(gunzip("", 100'000).has_value());
    CHECK_FALSE(gunzip("plain text", 100'000).has_value());
    CHECK_FALSE(gunzip(file.substr(0, file.size() - 1), 100'000).has_value());
    CHECK_FALSE(gunzip(file, 999).has_value());
    CHECK(gunzip(file, 1000).has_value());
}
