#include "model/budget.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::RequestCost;

namespace {

std::vector<std::string> spell(const model::DayBudget& budget) {
    std::vector<std::string> lines;
    for (const auto& [kind, requests, bytes] : budget.kinds) {
        lines.push_back(kind + " " + std::to_string(requests) + " " + std::to_string(bytes));
    }
    return lines;
}

}  // namespace

TEST_CASE("a day costs what the last probe did, the most first", "[model][budget]") {
    const std::vector<RequestCost> costs{{"release", 4, 500'000},
                                         {"index", 90, 36'000},
                                         {"deep", 4, 7'000'000'000},
                                         {"index", 10, 4'000}};

    const auto budget = model::measured_budget(costs);

    CHECK(budget.is_measured);
    CHECK(budget.requests == 108);
    CHECK(budget.bytes == 7'000'540'000);
    CHECK(spell(budget) ==
          std::vector<std::string>{"index 100 40000", "deep 4 7000000000", "release 4 500000"});
}

TEST_CASE("a day is estimated from what a mirror will be asked", "[model][budget]") {
    const auto budget =
        model::estimated_budget({.indexes = 100, .freshness_files = 60, .images = 0});

    CHECK_FALSE(budget.is_measured);
    CHECK(budget.requests == 160);
    CHECK(budget.bytes == 64'000);
    CHECK(spell(budget) == std::vector<std::string>{"index 100 40000", "freshness 60 24000"});
}
