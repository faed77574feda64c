#include "model/reserved_name.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("names of the service's own paths are reserved, and those of distributions are not",
          "[model][reserved_name]") {
    const auto [name, is_reserved, why] = GENERATE(table<std::string, bool, std::string>({
        {"help", true, "a page"},
        {"api", true, "its first folder"},
        {"mirrors.txt", true, "a list"},
        {"debian", false, "a distribution"},
        {"ubuntu", false, "a distribution"},
        {"ubuntu-ports", false, "a distribution"},
        {"helpful", false, "only begins like one"},
        {"Help", false, "no name of a distribution is in upper case"},
        {"", false, "nothing"},
    }));
    CAPTURE(name, why);

    CHECK(model::is_reserved_name(name) == is_reserved);
}
