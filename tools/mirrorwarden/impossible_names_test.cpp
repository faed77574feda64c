#include "tools/mirrorwarden/impossible_names.hpp"

#include "tools/cmake/catch.hpp"

#include <set>
#include <string>

TEST_CASE("impossible names are one below the mirror and one at the root of its host",
          "[mirrorwarden][impossible_names]") {
    const auto names = mirrorwarden::impossible_names();

    REQUIRE(names.size() == 2);
    CHECK(names[0].starts_with("dists/no-such-file-"));
    CHECK(names[1].starts_with("/no-such-file-"));
}

TEST_CASE("no two mirrors are asked for the same impossible name",
          "[mirrorwarden][impossible_names]") {
    constexpr int mirrors = 100;
    std::set<std::string> numbers;
    for (int mirror = 0; mirror < mirrors; ++mirror) {
        for (const auto& name : mirrorwarden::impossible_names()) {
            numbers.insert(name.substr(name.rfind('-')));
        }
    }

    CHECK(numbers.size() == std::size_t{2} * mirrors);
}
