#pragma once

#include "model/observation.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace model {

/// What it depends on whether a probe of a mirror is deep.
struct DeepQuestion {
    std::string_view mirror;            // its name
    int every = 0;                      // of so many probes one is deep by itself; 0: none is
    bool is_wanted = false;             // somebody asked for it
    const Observation* last = nullptr;  // of the newest probe of that mirror; null: there is none
    std::uint32_t chance = 0;           // of this run
};

struct DeepTurn {
    bool is_deep = false;
    std::optional<std::uint32_t> since;  // to be kept as Observation::since_deep
    std::uint32_t chance = 0;            // chooses what is fetched; 0 where nothing is
};

/// Where nobody counted before, mirrors begin at different places of their turn, so that not
/// all of a distribution are looked at deeply in one run. A deep probe that found a wrong file
/// is followed by one that looks at the same files, by itself only where some probes are deep
/// by themselves: a plain probe cannot see whether they were mended.
DeepTurn deep_turn(const DeepQuestion&);

}  // namespace model
