#include "model/checksum_file.hpp"

#include "tools/cmake/catch.hpp"

#include <cstddef>
#include <string>

using model::parse_checksums;
using model::TextFault;

namespace {

const auto some = std::string(64, 'a');
const auto other = std::string(64, 'b');

}  // namespace

TEST_CASE("sums are read in the forms that sha256sum writes", "[model][checksum_file]") {
    // Each line as `sha256sum` of coreutils 9 writes it for a file of that name.
    const auto [text, name, why] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {some + "  a.iso\n", "a.iso", "as it is usual"},
        {some + " *a.iso\n", "a.iso", "with --binary"},
        {some + "  ./a.iso\n", "a.iso", "found by find"},
        {some + "  a.iso", "a.iso", "without the last line end"},
        {some + "  a.iso\r\n", "a.iso", "line ends of the network"},
        {some + "  a b.iso\n", "a b.iso", "a blank in the name"},
        {some + "   a.iso\n", " a.iso", "a blank before the name"},
        {some + "  *a.iso\n", "*a.iso", "a star before the name"},
        {"\\" + some + "  a\\nb\\\\c\\r\n", "a\nb\\c\r", "escapes"},
        {some + "  a\\nb\n", "a\\nb", "no escapes without a backslash before the sum"},
        {"\n" + some + "  images/a.iso\n\n", "images/a.iso", "blank lines, and a folder"},
    }));
    INFO(why);

    const auto checksums = parse_checksums(text);

    REQUIRE(checksums.has_value());
    REQUIRE(checksums->size() == 1);
    CHECK(checksums->front().name == name);
    CHECK(to_string(checksums->front().sha256) == some);
}

TEST_CASE("a sum is found by its file's name", "[model][checksum_file]") {
    const auto checksums =
        parse_checksums(some + "  b.iso\n" + other + "  a.iso\n" + some + "  b.iso\n");

    REQUIRE(checksums.has_value());
    CHECK(checksums->size() == 2);
    REQUIRE(find_checksum(*checksums, "a.iso") != nullptr);
    CHECK(to_string(find_checksum(*checksums, "a.iso")->sha256) == other);
    CHECK(find_checksum(*checksums, "c.iso") == nullptr);
    CHECK(parse_checksums("")->empty());
}

TEST_CASE("a file of sums differs where it says something else, or nothing",
          "[model][checksum_file]") {
    const auto expected = *parse_checksums(some + "  a.iso\n" + other + "  b.iso\n");

    CHECK(find_difference(expected, expected) == nullptr);
    CHECK(find_difference(expected, *parse_checksums(some + "  a.iso\n" + other + "  b.iso\n" +
                                                     some + "  new.iso\n")) == nullptr);
    CHECK(find_difference(expected, *parse_checksums(some + "  a.iso\n" + some + "  b.iso\n")) ==
          &expected[1]);
    CHECK(find_difference(expected, *parse_checksums(other + "  b.iso\n")) == expected.data());
    CHECK(model::find_difference({}, {}) == nullptr);
}

TEST_CASE("what is no file of sums is refused", "[model][checksum_file]") {
    const auto [text, fault, why] = GENERATE_COPY(table<std::string, TextFault, std::string>({
        {some + "  a\n<html>\n", {2, "\"<html>\" is not a SHA-256 sum and a name"}, "a web page"},
        {some + "\n",
         {1, "\"" + some.substr(0, 60) + "...\" is not a SHA-256 sum and a name"},
         "no name"},
        {some + "  \n",
         {1, "\"" + some.substr(0, 60) + "...\" is not a SHA-256 sum and a name"},
         "no name either"},
        {some + "  ./\n",
         {1, "\"" + some.substr(0, 60) + "...\" is not a SHA-256 sum and a name"},
         "a folder"},
        {some + " a.iso\n",
         {1, "\"" + some.substr(0, 60) + "...\" is not a SHA-256 sum and a name"},
         "one blank"},
        {some.substr(24) + "  a.iso\n",
         {1, "\"" + some.substr(24) + "  a.iso\" is not a SHA-256 sum and a name"},
         "SHA-1"},
        {"\\" + some + "  a\\x\n",
         {1, "\"\\" + some.substr(0, 59) + "...\" is not a SHA-256 sum and a name"},
         "no escape of sha256sum"},
        {"\\" + some + "  a\\\n",
         {1, "\"\\" + some.substr(0, 59) + "...\" is not a SHA-256 sum and a name"},
         "half an escape"},
        {some + "  a\n" + other + "  a\n", {0, "\"a\" has two different sums"}, "which is it?"},
        {std::string(std::size_t{20} << 20U, '\n'),
         {0, "the text is larger than 16 MiB"},
         "too large"},
    }));
    INFO(why);

    const auto checksums = parse_checksums(text);

    REQUIRE(checksums.has_error());
    CHECK(checksums.error().what == fault.what);
    CHECK(checksums.error().line == fault.line);
}
