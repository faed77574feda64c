#include "prober/sha256_hasher.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <string_view>

namespace {

std::string hex(const model::Sha256& digest) {
    std::string text;
    for (const auto byte : digest.bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

// Source: FIPS 180-4, examples "SHA256.pdf" of NIST's Cryptographic Standards and Guidelines.
constexpr std::string_view of_abc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view of_nothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

TEST_CASE("a text has the SHA-256 that the standard says", "[prober][sha256_hasher]") {
    CHECK(hex(prober::sha256_of("abc")) == of_abc);
    CHECK(hex(prober::sha256_of("")) == of_nothing);
}

TEST_CASE("a SHA-256 is the same however the bytes come", "[prober][sha256_hasher]") {
    prober::Sha256Hasher hasher;

    hasher.add("a");
    hasher.add("");
    hasher.add("bc");

    CHECK(hex(hasher.finish()) == of_abc);
}
