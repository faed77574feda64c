#pragma once

#include "model/observation.hpp"
#include "model/timestamp.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

/// A suite that stayed as it was need not be asked for all of its indexes each time: they take
/// turns, so that each is asked for once a day at least.
namespace model {

/// So many parts an unchanged suite's indexes have: the first is in the first, and so on in
/// turn. It is the same index each time, because another set of them is another question.
inline constexpr std::size_t index_parts = 4;

/// Each is asked for at least so often, as long as probes are.
inline constexpr std::chrono::hours turns_max_age{24};

using IndexParts = std::array<bool, index_parts>;

struct TurnsQuestion {
    const IndexTurns* turns = nullptr;  // of the probe before; null: all parts are due
    Timestamp last_probe;               // when that began
    Timestamp now;
};

/// The parts whose turn it is: the one that has waited longest, and each that would be older
/// than a day by the next probe, if that comes after as long a time as this one did.
IndexParts parts_due(const TurnsQuestion&);

/// What is kept after the parts `asked` were asked for at `when`.
IndexTurns turns_after(const Sha256& question, const IndexTurns* before, const IndexParts& asked,
                       Timestamp when);

/// Whether what was received at `fetched` would be older than a day by the next probe.
bool is_refresh_due(Timestamp fetched, Timestamp last_probe, Timestamp now);

}  // namespace model
