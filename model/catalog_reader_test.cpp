#include "model/catalog_reader.hpp"

#include "tools/cmake/catch.hpp"

#include <array>
#include <string>

using model::FileErrors;
using model::TomlTable;

namespace {

constexpr std::array<std::string_view, 1> keys = {"who"};

}  // namespace

TEST_CASE("a name that is absent or wrong reads as none", "[model][catalog_reader]") {
    const auto& [why, toml, name, faults] =
        GENERATE(table<std::string, std::string, std::string, std::size_t>({
            {"a name", "who = \"a1+.-\"", "a1+.-", 0},
            {"the longest", "who = \"" + std::string(100, 'a') + "\"", std::string(100, 'a'), 0},
            {"one letter more", "who = \"" + std::string(101, 'a') + "\"", "", 1},
            {"absent", "", "", 0},
            {"empty", "who = \"\"", "", 1},
            {"a capital", "who = \"A\"", "", 1},
            {"it begins with a sign", "who = \"-a\"", "", 1},
            {"no text", "who = 1", "", 1},
        }));
    CAPTURE(why);
    const auto parsed = model::parse_toml(toml);
    REQUIRE(parsed.has_value());
    FileErrors errors;
    TomlTable table(*parsed, keys, errors);

    CHECK(model::read_name(table, "who") == name);
    CHECK(errors.take().size() == faults);
}

TEST_CASE("addresses are read without those that are wrong", "[model][catalog_reader]") {
    const auto& [why, toml, least, read, faults] =
        GENERATE(table<std::string, std::string, std::size_t, std::size_t, std::size_t>({
            {"one", "who = \"Ann <ann@example.org>\"", 1, 1, 0},
            {"two", "who = [\"a@example.org\", \"b@example.org\"]", 1, 2, 0},
            {"none are needed", "who = []", 0, 0, 0},
            {"one is needed", "who = []", 1, 0, 1},
            {"one of two is wrong", "who = [\"a@example.org\", \"nobody\"]", 1, 1, 1},
            {"one is given twice", "who = [\"a@example.org\", \"A <a@example.org>\"]", 1, 2, 1},
        }));
    CAPTURE(why);
    const auto parsed = model::parse_toml(toml);
    REQUIRE(parsed.has_value());
    FileErrors errors;
    TomlTable table(*parsed, keys, errors);

    CHECK(model::read_addresses(table, "who", least).size() == read);
    CHECK(errors.take().size() == faults);
}
