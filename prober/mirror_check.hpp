#pragma once

#include "model/release_indexes.hpp"
#include "prober/deep_look.hpp"
#include "prober/mirror_look.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prober {

/// One mirror that is looked at by itself, without a catalogue that says what it should
/// have: its own Release files do.
struct MirrorCheck {
    LookTask look;
    model::IndexWish wish;
    std::size_t lanes_max;    // requests at once
    std::size_t indexes_max;  // of one suite; more are not asked for
    /// Fetch and hash, too; empty: only ask for sizes.
    std::optional<DeepLimits> deep = std::nullopt;
    std::uint64_t chance = 0;  // chooses what a deep look fetches
    std::function<model::Timestamp()> clock;
};

struct CheckedMirror {
    model::Observation observation;
    std::uint32_t requests = 0;
    bool was_cancelled = false;  // what is there is not all
};

/// Asks for the Release of each suite, for each index of it that is wished for, and for what
/// `MirrorLook` asks for. Throws what the
/// library throws.
asio::awaitable<CheckedMirror> check_mirror(HttpClient&, MirrorCheck);

}  // namespace prober
