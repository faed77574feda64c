#include "model/budget.hpp"

#include <algorithm>
#include <utility>

namespace model {
namespace {

DayBudget total(std::vector<RequestCost> kinds) {
    DayBudget budget;
    std::sort(kinds.begin(), kinds.end(), [](const RequestCost& a, const RequestCost& b) {
        return a.requests != b.requests ? a.requests > b.requests : a.kind < b.kind;
    });
    for (const auto& cost : kinds) {
        budget.requests += cost.requests;
        budget.bytes += cost.bytes;
    }
    budget.kinds = std::move(kinds);
    return budget;
}

}  // namespace

DayBudget measured_budget(std::span<const RequestCost> costs) {
    std::vector<RequestCost> kinds;
    for (const auto& cost : costs) {
        const auto known = std::find_if(kinds.begin(), kinds.end(), [&cost](const auto& other) {
            return other.kind == cost.kind;
        });
        if (known == kinds.end()) {
            kinds.push_back(cost);
        } else {
            known->requests += cost.requests;
            known->bytes += cost.bytes;
        }
    }
    auto budget = total(std::move(kinds));
    budget.is_measured = true;
    return budget;
}

DayBudget estimated_budget(const PlannedQuestions& planned) {
    constexpr std::uint64_t head_bytes = 400;
    std::vector<RequestCost> kinds;
    const auto add = [&kinds](const char* kind, std::size_t requests) {
        if (requests > 0) {
            kinds.push_back({.kind = kind,
                             .requests = static_cast<std::uint32_t>(requests),
                             .bytes = requests * head_bytes});
        }
    };
    add("index", planned.indexes);
    add("freshness", planned.freshness_files);
    add("image", planned.images);
    return total(std::move(kinds));
}

}  // namespace model
