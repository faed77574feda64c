#pragma once

#include <cstdint>

namespace model {

/// What one host has cost us so far in this run.
struct HostTally {
    std::uint32_t requests = 0;  // ended, whatever the outcome
    std::uint32_t timeouts = 0;  // of these
    std::uint32_t answers = 0;   // of these: a status line came back
};

/// True once the rest of a host's files is not to be asked for.
///
/// After 30 requests, where a third or more timed out: a mirror that is slow to
/// wake is not condemned for its first few timeouts. And at once for a host that
/// has let two requests time out and never answered any: each further file would
/// only cost another time limit.
bool is_hopeless(HostTally) noexcept;

}  // namespace model
