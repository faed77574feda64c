#include "model/debian_version.hpp"

#include "tools/cmake/catch.hpp"

#include <iterator>
#include <string>
#include <vector>

using model::compare_debian_versions;

TEST_CASE("compare_debian_versions orders as dpkg does", "[model][debian_version]") {
    const auto [why, lower, higher] = GENERATE(table<std::string, std::string, std::string>({
        {"numbers, not letters", "5.9", "5.10"},
        {"series of the same year", "4.10", "5.04"},
        {"the seed's odd one", "5.10", "6.6.6"},
        {"a longer number", "9", "10"},
        {"beyond 64 bits", "99999999999999999999", "100000000000000000000"},
        {"the shorter is lower", "1.0", "1.0.1"},
        {"nothing before something", "", "a"},
        {"tilde before the end", "1.0~rc1", "1.0"},
        {"two tildes before one", "1.0~~", "1.0~"},
        {"tilde before a letter", "1.0~~a", "1.0~"},
        {"tilde alone before nothing", "~", ""},
        {"tilde before a number", "1.0~1", "1.0.1"},
        {"the end before letters", "1.0", "1.0a"},
        {"letters before non-letters", "1.0a", "1.0+"},
        {"all letters before any non-letter", "1.0z", "1.0+"},
        {"upper case before lower case", "1.0Z", "1.0a"},
        {"a plus before a point", "1.0+1", "1.0.1"},
        {"an epoch wins", "9.9", "1:0.1"},
        {"epochs are numbers", "9:1", "10:1"},
        {"the seed's pmount", "0.1-1", "2:1.9-1"},
        {"the revision decides last", "1.0-1", "1.0-2"},
        {"upstream before revision", "1.0-9", "1.1-1"},
        {"no revision is revision 0", "1.0", "1.0-1"},
        {"the last dash divides", "1.0-1-9", "1.0-2-1"},
        {"a backport before its origin", "1.0-1~bpo12+1", "1.0-1"},
        {"an update after its origin", "1.0-1", "1.0-1ubuntu1"},
        {"text before a colon is no epoch", "a:1", "b:0"},
    }));
    CAPTURE(why, lower, higher);

    CHECK(compare_debian_versions(lower, higher) == std::weak_ordering::less);
    CHECK(compare_debian_versions(higher, lower) == std::weak_ordering::greater);
}

TEST_CASE("different texts can be the same version", "[model][debian_version]") {
    const auto [why, left, right] = GENERATE(table<std::string, std::string, std::string>({
        {"the same text", "1.0-1", "1.0-1"},
        {"both empty", "", ""},
        {"leading zeros", "5.04", "5.4"},
        {"only zeros", "1.000", "1.0"},
        {"a missing number is 0", "1.", "1.0"},
        {"no epoch is epoch 0", "0:1.0", "1.0"},
        {"an epoch with zeros", "01:1.0", "1:1.0"},
        {"an empty epoch", ":1.0", "1.0"},
        {"no revision is revision 0", "1.0", "1.0-0"},
        {"an empty revision", "1.0-", "1.0"},
    }));
    CAPTURE(why, left, right);

    CHECK(compare_debian_versions(left, right) == std::weak_ordering::equivalent);
    CHECK(compare_debian_versions(right, left) == std::weak_ordering::equivalent);
}

TEST_CASE("any text has its place among the versions", "[model][debian_version]") {
    // By rank: tilde, the end, letters, then the rest by byte.
    const std::vector<std::string> in_order = {"~", "", "A", "z", " ", "+", ".", "é"};
    for (auto left = in_order.begin(); left != in_order.end(); ++left) {
        for (auto right = std::next(left); right != in_order.end(); ++right) {
            CAPTURE(*left, *right);
            CHECK(compare_debian_versions(*left, *right) == std::weak_ordering::less);
        }
    }
}
