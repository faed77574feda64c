#include "model/host_tally.hpp"

namespace model {
namespace {

constexpr std::uint32_t requests_min = 30;
constexpr std::uint64_t requests_per_timeout_min = 3;
constexpr std::uint32_t timeouts_of_mute_host_max = 2;

}  // namespace

bool is_hopeless(HostTally tally) noexcept {
    if (tally.answers == 0 && tally.timeouts >= timeouts_of_mute_host_max) {
        return true;
    }
    return tally.requests >= requests_min &&
           tally.timeouts * requests_per_timeout_min >= tally.requests;
}

}  // namespace model
