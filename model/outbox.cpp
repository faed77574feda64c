#include "model/outbox.hpp"

#include <algorithm>
#include <array>

namespace model {
namespace {

constexpr std::array all_states = {DeliveryState::waiting, DeliveryState::uncertain,
                                   DeliveryState::sent};

constexpr std::chrono::minutes first_pause{5};
constexpr std::chrono::minutes longest_pause{std::chrono::hours{12}};

}  // namespace

std::string_view to_string(DeliveryState state) noexcept {
    switch (state) {
    case DeliveryState::waiting: return "waiting";
    case DeliveryState::uncertain: return "uncertain";
    case DeliveryState::sent: return "sent";
    }
    return "";
}

std::optional<DeliveryState> parse_delivery_state(std::string_view text) noexcept {
    for (const DeliveryState state : all_states) {
        if (to_string(state) == text) {
            return state;
        }
    }
    return std::nullopt;
}

std::chrono::minutes delivery_pause(int attempts) noexcept {
    std::chrono::minutes pause = first_pause;
    for (int attempt = 1; attempt < attempts && pause < longest_pause; ++attempt) {
        pause *= 2;
    }
    return std::min(pause, longest_pause);
}

}  // namespace model
