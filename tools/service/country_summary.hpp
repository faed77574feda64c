#pragma once

#include "tools/service/world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace service {

/// A country's mirrors of one distribution.
struct CountrySummary {
    std::string code;
    std::string name;
    std::uint32_t mirrors = 0;
    std::uint32_t enabled = 0;
    std::uint32_t up_to_date = 0;        // of the enabled ones
    std::uint64_t kilobits = 0;          // a second: what the enabled ones declare
    const MirrorFacts* best = nullptr;   // of the enabled ones; nullptr: there is none
    const MirrorFacts* worst = nullptr;  // of all: those that are disabled are worst
};

/// By name.
std::vector<CountrySummary> country_summaries(const World&, const model::Distribution&);

/// Whether the left one comes first where the best does: enabled, not broken, fresh, little behind,
/// fast.
bool is_better(const MirrorFacts& left, const MirrorFacts& right);

}  // namespace service
