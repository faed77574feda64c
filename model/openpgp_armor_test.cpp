#include "model/openpgp_armor.hpp"

#include "tools/cmake/catch.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string read(const std::string& name) {
    std::ifstream file(MIRROR_TESTDATA "/signed/" + name, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string block(const std::string& inside) {
    return "-----BEGIN PGP PUBLIC KEY BLOCK-----\n" + inside +
           "-----END PGP PUBLIC KEY BLOCK-----\n";
}

}  // namespace

TEST_CASE("armoured keys become the bytes that gpg exports", "[model][openpgp_armor]") {
    const auto armored = read("keyring.asc");  // gpg --armor --export
    const auto binary = read("keyring.gpg");   // gpg --export, the same key

    REQUIRE(model::is_armored(armored));
    REQUIRE_FALSE(model::is_armored(binary));
    const auto keys = model::dearmor_keys(armored);

    REQUIRE(keys.has_value());
    CHECK(*keys == binary);
}

TEST_CASE("blocks one after the other are one keyring", "[model][openpgp_armor]") {
    const auto armored = read("keyring.asc");
    const auto binary = read("keyring.gpg");

    const auto keys = model::dearmor_keys("A comment before.\n" + armored + "\r\n\n" + armored);

    REQUIRE(keys.has_value());
    CHECK(*keys == binary + binary);
}

TEST_CASE("what a block may look like", "[model][openpgp_armor]") {
    // Source: RFC 4648, section 10.
    const auto& [inside, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"\nZm9vYmFy\n", "foobar", "a checksum may be missing (RFC 9580)"},
        {"Version: 1\nComment: x\n\nZm9v\nYmFy\n", "foobar", "headers, and more lines"},
        {"\r\nZm9vYmE=\r\n", "fooba", "one sign of padding, other line ends"},
        {"\nZm9vYg==\n", "foob", "two signs of padding"},
    }));

    INFO(why);
    const auto keys = model::dearmor_keys(block(inside));

    REQUIRE(keys.has_value());
    CHECK(*keys == expected);
}

TEST_CASE("damaged armour is told with its line", "[model][openpgp_armor]") {
    const auto& [text, line, what] = GENERATE(table<std::string, int, std::string>({
        {"", 0, "no key block"},
        {"nothing of the kind\n", 0, "no key block"},
        {block("\nZm9v*mFy\n"), 1, "not base64"},
        {block("\nZm9vYmF\n"), 1, "not base64"},
        {block("\nZm=vYmFy\n"), 1, "not base64"},
        {block("\n"), 1, "not base64"},
        {"\n" + block("\nZm9vYmFy\n=AAAA\n"), 2, "checksum is wrong"},
        {block("\nZm9vYmFy\n=AAAA\nZm9v\n"), 5, "between the checksum and the end"},
        {"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nZm9v\n", 1, "has no end"},
    }));

    const auto keys = model::dearmor_keys(text);

    INFO(text);
    REQUIRE(keys.has_error());
    CHECK(keys.error().line == line);
    CHECK(keys.error().what.find(what) != std::string::npos);
}
