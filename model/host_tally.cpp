#include "model/host_tally.hpp"

namespace model {
namespace {

constexpr std::uint32_t requests_min = 30;
constexpr std::uint64_t requests_per_timeout_min = 3;
constexpr std::uint32_t timeouts_of_mute_port_max = 2;

}  // namespace

bool is_hopeless(HostTally of_host) noexcept {
    return of_host.requests >= requests_min &&
           of_host.timeouts * requests_per_timeout_min >= of_host.requests;
}

bool is_mute(HostTally of_port) noexcept {
    return of_port.answers == 0 && of_port.timeouts >= timeouts_of_mute_port_max;
}

}  // namespace model
