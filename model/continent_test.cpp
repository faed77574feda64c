#include "model/continent.hpp"

#include "model/country.hpp"
#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("a country lies on a continent", "[model][continent]") {
    const auto [country, expected] = GENERATE(table<std::string, std::string>({
        {"BR", "SA"},
        {"AO", "AF"},
        {"ZW", "AF"},
        {"DE", "EU"},
        {"JP", "AS"},
        {"US", "NA"},
        {"NZ", "OC"},
        {"AQ", "AN"},
        {"XX", ""},
        {"de", ""},
        {"", ""},
        {"D", ""},
        {"E ", ""},
    }));
    CAPTURE(country);

    CHECK(model::continent_of(country) == expected);
}

TEST_CASE("every country lies on a continent, and only countries do", "[model][continent]") {
    int countries = 0;
    for (char first = 'A'; first <= 'Z'; ++first) {
        for (char second = 'A'; second <= 'Z'; ++second) {
            const std::string code{first, second};
            CAPTURE(code);
            const bool is_country = !model::country_name(code).empty();
            CHECK(model::continent_of(code).empty() != is_country);
            countries += is_country ? 1 : 0;
        }
    }
    CHECK(countries > 240);
}
