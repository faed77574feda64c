#include "model/base64.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("bytes are written as base64, and read again", "[model][base64]") {
    // RFC 4648, section 10.
    const auto [bytes, text] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {std::string("\0\xff\xfe", 3), "AP/+"},
    }));
    CHECK(model::to_base64(bytes) == text);
    CHECK(model::from_base64(text) == bytes);
}

TEST_CASE("what is no base64 is not read", "[model][base64]") {
    const std::string text = GENERATE("Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm*v",
                                      "Zm-_", " Zm9v", "=m9v");
    CAPTURE(text);
    CHECK_FALSE(model::from_base64(text));
}
