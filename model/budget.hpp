#pragma once

#include "model/observation.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace model {

/// What one day of being probed costs a mirror; it is probed once a day.
struct DayBudget {
    std::vector<RequestCost> kinds;  // most requests first, then by kind
    std::uint64_t requests = 0;      // of all kinds
    std::uint64_t bytes = 0;         // that the mirror sends
    bool is_measured = false;        // by its last probe; else estimated from what it will be asked

    friend bool operator==(const DayBudget&, const DayBudget&) = default;
};

/// The costs of a probe, as a day's.
DayBudget measured_budget(std::span<const RequestCost>);

/// What a probe will ask of a mirror that has everything.
struct PlannedQuestions {
    std::size_t indexes = 0;
    std::size_t freshness_files = 0;  // one for each index that is found
    std::size_t images = 0;
};

/// Of HEADs alone; an answer is taken to be 400 bytes.
DayBudget estimated_budget(const PlannedQuestions&);

}  // namespace model
