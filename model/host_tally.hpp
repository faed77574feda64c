#pragma once

#include <cstdint>

namespace model {

/// What one host, or one port of it, has cost us so far in this run.
struct HostTally {
    std::uint32_t requests = 0;  // ended, whatever the outcome
    std::uint32_t timeouts = 0;  // of these
    std::uint32_t answers = 0;   // of these: a status line came back
};

/// True once the rest of a host's files is not to be asked for: after 30 requests, where a
/// third or more timed out. A mirror that is slow to wake is not condemned for its first few.
bool is_hopeless(HostTally of_host) noexcept;

/// True once a port has let two requests time out and never answered any: each further file
/// would only cost another time limit. It says nothing of the host's other ports.
bool is_mute(HostTally of_port) noexcept;

}  // namespace model
