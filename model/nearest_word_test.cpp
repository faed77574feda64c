#include "model/nearest_word.hpp"

#include "tools/cmake/catch.hpp"

#include <array>
#include <string>

using model::nearest_word;
using model::unknown_key_text;

namespace {

constexpr std::array<std::string_view, 4> known = {"name", "http_url", "https_url", "country"};

}  // namespace

TEST_CASE("a slip finds the word that was meant", "[model][nearest_word]") {
    const auto [why, text, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"the word itself", "name", "name"},
        {"a letter left out", "contry", "country"},
        {"a letter too many", "countryy", "country"},
        {"a letter changed", "nome", "name"},
        {"two letters swapped", "nmae", "name"},
        {"another separator", "http-url", "http_url"},
        {"the nearer of two", "htps_url", "https_url"},
        {"nothing near", "bandwidth", ""},
        {"another short word", "mail", ""},
        {"empty", "", ""},
        {"too long to compare", std::string(41, 'n'), ""},
    }));
    CAPTURE(why, text);

    CHECK(nearest_word(text, known) == expected);
}

TEST_CASE("an unknown key is named with what would be right", "[model][nearest_word]") {
    CHECK(unknown_key_text("contry", known) == R"(unknown key "contry"; did you mean "country"?)");
    CHECK(unknown_key_text("bandwidth", known) ==
          R"(unknown key "bandwidth"; the keys here are name, http_url, https_url, country)");
}
