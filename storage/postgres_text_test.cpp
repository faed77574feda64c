#include "storage/postgres_text.hpp"

#include "storage/testing/backends.hpp"
#include "tools/cmake/catch.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

using namespace storage;
using namespace std::string_literals;

namespace {

std::optional<std::string> text_of(const Value& value) {
    PostgresTexts texts{1};
    texts.set(0, value);
    const char* text = texts.texts().at(0);
    return text == nullptr ? std::nullopt : std::optional<std::string>{text};
}

std::string cell_text(std::string_view text, unsigned int type) {
    return std::get<std::string>(read_postgres_text(text, type));
}

std::int64_t cell_number(std::string_view text, unsigned int type) {
    return std::get<std::int64_t>(read_postgres_text(text, type));
}

// Source: pg_type.dat of PostgreSQL.
constexpr unsigned int boolean_type = 16;
constexpr unsigned int bytea_type = 17;
constexpr unsigned int int8_type = 20;
constexpr unsigned int int2_type = 21;
constexpr unsigned int int4_type = 23;
constexpr unsigned int text_type = 25;

}  // namespace

TEST_CASE("a parameter is written as PostgreSQL reads its type", "[storage][postgres_text]") {
    CHECK(text_of(Value{0}) == "0");
    CHECK(text_of(Value{std::numeric_limits<std::int64_t>::min()}) == "-9223372036854775808");
    CHECK(text_of(Value{std::numeric_limits<std::int64_t>::max()}) == "9223372036854775807");
    CHECK(text_of(Value{"it's \\x00 \xC3\xA9"}) == "it's \\x00 \xC3\xA9");
    CHECK(text_of(Value{std::nullopt}) == std::nullopt);
    CHECK(text_of(Value{""}) == "");  // which is not NULL
    // Source: the PostgreSQL manual, 8.4.1: "\x", then two hexadecimal digits a byte.
    CHECK(text_of(Value{Blob{"\x00\x7F\x80\xFF\\"s}}) == "\\x007f80ff5c");
    CHECK(text_of(Value{Blob{""}}) == "\\x");
}

TEST_CASE("a row to be copied is used again, and nothing of the one before stays",
          "[storage][postgres_text]") {
    PostgresTexts texts{2};
    CHECK(texts.texts() == std::vector<const char*>{nullptr, nullptr});
    texts.set(0, Value{"a long text, which is not held in the string itself"});
    texts.set(1, Value{7});

    texts.set(0, Value{std::nullopt});
    texts.set(1, Value{"b"});

    CHECK(texts.texts().at(0) == nullptr);
    CHECK(texts.texts().at(1) == "b"s);
}

TEST_CASE("text that would end in the middle is refused", "[storage][postgres_text]") {
    CHECK(testing::error_of([] { text_of(Value{"a\0b"s}); }) ==
          "a text that was to be stored holds a NUL byte");
}

TEST_CASE("a column is read by the number of its type", "[storage][postgres_text]") {
    CHECK(cell_number("-32768", int2_type) == -32768);
    CHECK(cell_number("2147483647", int4_type) == 2147483647);
    CHECK(cell_number("-9223372036854775808", int8_type) ==
          std::numeric_limits<std::int64_t>::min());
    CHECK(cell_text("12", text_type) == "12");
    CHECK(cell_text("\\x41", text_type) == "\\x41");
    CHECK(cell_text("", text_type).empty());
    CHECK(cell_text("t", boolean_type) == "t");
    CHECK(cell_text("\\x007f80ff5c", bytea_type) == "\x00\x7F\x80\xFF\\"s);
    CHECK(cell_text("\\x", bytea_type).empty());
}

TEST_CASE("every byte comes back from a column of bytes", "[storage][postgres_text]") {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    const auto text = text_of(Value{Blob{bytes}});

    REQUIRE(text.has_value());
    CHECK(cell_text(*text, bytea_type) == bytes);
}
