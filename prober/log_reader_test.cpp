#include "prober/log_reader.hpp"

#include "prober/testing/gzip.hpp"
#include "tools/cmake/catch.hpp"

#include <cstddef>
#include <string>

using prober::decompress_log;
using prober::testing::gzip;

namespace {

constexpr std::size_t no_limit = 100'000'000;

std::string error_of(const std::string& gz) {
    const auto text = decompress_log(gz, no_limit);
    return text.has_error() ? text.error() : "";
}

/// More than a step of the reader, and of the window of gzip.
std::string long_text() {
    std::string text;
    for (int line = 0; text.size() < 200'000; ++line) {
        text += "line " + std::to_string(line * 7919) + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("the members of a log are joined", "[prober][log_reader]") {
    const auto text = long_text();
    const auto gz = gzip("one\n") + gzip("") + gzip(text) + gzip("two\n");

    const auto read = decompress_log(gz, no_limit);

    REQUIRE(read.has_value());
    CHECK(*read == "one\n" + text + "two\n");
    CHECK(decompress_log(gzip(""), no_limit)->empty());
}

TEST_CASE("no more of a log is read than was asked for", "[prober][log_reader]") {
    const auto text = long_text();
    const auto gz = gzip(text) + gzip("end\n");
    const std::size_t bytes_max = GENERATE(0U, 1U, 20U, 65'536U, 65'537U);

    CHECK(*decompress_log(gz, bytes_max) == text.substr(0, bytes_max));
    CHECK(*decompress_log(gz, text.size()) == text);
    CHECK(*decompress_log(gz, text.size() + 1) == text + "e");
    CHECK(*decompress_log(gz, text.size() + 4) == text + "end\n");
}

TEST_CASE("of a log that would fill the memory no more than was asked for comes",
          "[prober][log_reader]") {
    std::string zeros;
    zeros.resize(100'000'000);
    const auto gz = gzip(zeros);

    const auto read = decompress_log(gz, 1000);

    REQUIRE(read.has_value());
    CHECK(*read == std::string(1000, '\0'));
    CHECK(read->capacity() < 1'000'000);
}

TEST_CASE("a log that was cut off anywhere says so, and how much there is",
          "[prober][log_reader]") {
    const auto whole = gzip("whole\n");
    const auto last = gzip("the last line\n");

    for (std::size_t size = 1; size < last.size(); ++size) {
        INFO(size << " of " << last.size());
        CHECK(error_of(whole + last.substr(0, size))
                  .starts_with("the stored log ends in the "
                               "middle, after "));
    }
    CHECK(error_of(whole + last.substr(0, 5)) ==
          "the stored log ends in the middle, after 6 bytes of text");
    CHECK(error_of("") == "the stored log ends in the middle, after 0 bytes of text");
    CHECK(decompress_log(whole + last, no_limit).has_value());
}

TEST_CASE("a damaged log is an error and no text", "[prober][log_reader]") {
    const auto whole = gzip("whole\n");
    auto wrong_checksum = whole;
    // Source: RFC 1952, 2.3.1: four bytes of CRC32 and four of the length end a member.
    wrong_checksum[whole.size() - 8] ^= 1;
    auto wrong_length = whole;
    wrong_length[whole.size() - 4] ^= 1;
    auto flipped = gzip(long_text());
    flipped[flipped.size() / 2] ^= 0x40;
    const auto [why, gz, bytes] = GENERATE_REF(table<std::string, std::string, int>({
        {"not packed at all", "no gzip at all", 0},
        {"trailing rubbish", whole + "trailing rubbish", 6},
        {"another packing", "\x28\xB5\x2F\xFD and more of zstd", 0},
        {"its checksum is another", wrong_checksum, 6},
        {"its length is another", wrong_length, 6},
    }));
    CAPTURE(why);

    CHECK(error_of(gz) ==
          "the stored log is damaged after " + std::to_string(bytes) + " bytes of text");
    CHECK(error_of(flipped).starts_with("the stored log is damaged after "));
}
