#pragma once

#include "tools/service/world.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// How one snapshot of a suite came to the mirrors.
struct Propagation {
    struct Step {
        std::chrono::seconds after{0};  // its publication
        std::uint32_t mirrors = 0;      // that were seen to have it by then
        std::uint64_t kilobits = 0;     // a second: what these declare
    };

    const model::Snapshot* snapshot = nullptr;  // of the world
    std::uint32_t mirrors = 0;                  // enabled ones that carry the suite
    std::uint64_t kilobits = 0;                 // what these declare
    std::vector<Step> steps;                    // by time
};

/// A mirror has the snapshot from the first probe that saw it there: that the suite was not
/// further behind, or that no suite was. So each curve is the slowest that fits what was seen.
Propagation propagation_of(const World&, const model::Distribution&, const model::Snapshot&);

/// The suite's snapshot of that text, or its newest where none is named; nullptr if it is not
/// known.
const model::Snapshot* find_snapshot(const World&, std::string_view distribution,
                                     std::string_view suite,
                                     const std::optional<model::Sha256>& text);

}  // namespace service
