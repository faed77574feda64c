#include "model/country.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::country_name;

TEST_CASE("a country's code gives its name in English", "[model][country]") {
    const auto [why, code, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"somewhere in the middle", "BR", "Brazil"},
        {"near the first", "AD", "Andorra"},
        {"the last", "ZW", "Zimbabwe"},
        {"of the seed", "AF", "Afghanistan"},
        {"of the seed", "IO", "British Indian Ocean Territory"},
        {"an apostrophe, and beyond ASCII", "CI", "Côte d'Ivoire"},
        {"the common name, where there is one", "BO", "Bolivia"},
    }));
    CAPTURE(why, code);

    CHECK(country_name(code) == expected);
}

TEST_CASE("what is no country's code has no name", "[model][country]") {
    const auto [why, code] = GENERATE(table<std::string, std::string>({
        {"empty", ""},
        {"lower case", "br"},
        {"one letter", "B"},
        {"three letters", "BRA"},
        {"not assigned", "XX"},
        {"before the first", "AA"},
        {"after the last", "ZZ"},
        {"blank after", "BR "},
    }));
    CAPTURE(why, code);

    CHECK(country_name(code).empty());
}
