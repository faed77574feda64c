#include "model/keyring_file.hpp"

#include "tools/cmake/catch.hpp"

#include <fstream>
#include <iterator>
#include <string>

using model::KeyringWorth;

namespace {

std::string read(const std::string& name) {
    std::ifstream file(MIRROR_TESTDATA "/signed/" + name, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The whole of a keybox that was never written to, as gpg makes it.
std::string empty_keybox() {
    using namespace std::string_literals;
    return "\0\0\0\x20\1\1\0\2KBXf\0\0\0\0\x6b\2\xf7\xce\x6b\2\xf7\xce\0\0\0\0\0\0\0\0"s;
}

std::string of_bytes(std::size_t size) {
    std::string bytes(size, 'x');
    return bytes;
}

}  // namespace

TEST_CASE("what gpg exports is a keyring, however often", "[model][keyring_file]") {
    const auto keys = read("keyring.gpg");

    CHECK(model::judge_keyring(keys) == KeyringWorth::keys);
    CHECK(model::judge_keyring(keys + keys) == KeyringWorth::keys);
}

TEST_CASE("a keyring is known by its frame", "[model][keyring_file]") {
    using namespace std::string_literals;
    const auto& [bytes, worth, why] = GENERATE(table<std::string, KeyringWorth, std::string>({
        {"", KeyringWorth::no_keys, "nothing"},
        {"mirrors, and more mirrors\n", KeyringWorth::no_keys, "a text"},
        {"\xef\xbb\xbfmirrors\n", KeyringWorth::no_keys, "a text whose mark looks like a packet"},
        {"\x98\3key", KeyringWorth::keys, "a length of one byte"},
        {"\x99\0\3key"s, KeyringWorth::keys, "of two"},
        {"\x9a\0\0\0\3key"s, KeyringWorth::keys, "of four"},
        {"\x9bkey", KeyringWorth::no_keys, "of no length"},
        {"\xc6\3key", KeyringWorth::keys, "the new form, one byte"},
        {"\xc6\xc0\0"s + of_bytes(192), KeyringWorth::keys, "two bytes"},
        {"\xc6\xc1\2"s + of_bytes(450), KeyringWorth::keys, "two bytes, both of use"},
        {"\xc6\xff\0\0\0\3key"s, KeyringWorth::keys, "five bytes"},
        {"\xc6\xe1key", KeyringWorth::no_keys, "in pieces"},
        {"\x98\4key", KeyringWorth::no_keys, "cut off"},
        {"\x99\0"s, KeyringWorth::no_keys, "cut off in its length"},
        {"\x98", KeyringWorth::no_keys, "cut off before its length"},
        {"\x94\3key", KeyringWorth::no_keys, "a secret key alone"},
        {"\xb0\1t\x98\3key", KeyringWorth::keys, "something else before it"},
        {"\x98\3key\n", KeyringWorth::damaged, "a line end after it"},
        {"\x98\3key\x98\4key", KeyringWorth::damaged, "a second one that is cut off"},
        {empty_keybox(), KeyringWorth::no_keys, "a keybox without keys"},
        {empty_keybox() + "\0\0\0\7\2ke"s, KeyringWorth::keys, "one with a key"},
        {empty_keybox() + "\0\0\0\7\3ke"s, KeyringWorth::no_keys, "one with a certificate"},
        {empty_keybox() + "\0\0\0\x08\2ke"s, KeyringWorth::no_keys, "one that is cut off"},
        {empty_keybox() + "\0\0\0\4\2ke"s, KeyringWorth::no_keys, "a blob without a size"},
    }));

    INFO(why);
    CHECK(model::judge_keyring(bytes) == worth);
}
