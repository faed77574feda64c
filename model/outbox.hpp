#pragma once

#include "model/catalog.hpp"
#include "model/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace model {

enum class MessageId : std::int64_t {};

constexpr std::int64_t to_integer(MessageId id) noexcept {
    return static_cast<std::int64_t>(id);
}

/// A mail that was decided on: one recipient, no transport details.
struct Message {
    MailAddress to;
    std::string subject;     // UTF-8, one line
    std::string body;        // UTF-8, lines end in "\n"
    std::string mirror;      // name of the mirror it is about; empty if about none
    std::string message_id;  // with angle brackets; unique; stays the same over all attempts

    friend bool operator==(const Message&, const Message&) = default;
};

enum class DeliveryState {
    waiting = 1,    // to be sent at `next_attempt` or later
    uncertain = 2,  // handed over, but the server's word was not heard: may or may not have
                    // arrived. Never sent again by itself
    sent = 3,
};
std::string_view to_string(DeliveryState) noexcept;  // "waiting", "uncertain", "sent"
std::optional<DeliveryState> parse_delivery_state(std::string_view) noexcept;

struct OutboxEntry {
    MessageId id{};
    Message message;
    Timestamp created;
    DeliveryState state = DeliveryState::waiting;
    int attempts = 0;
    Timestamp next_attempt;
    std::string last_error;  // what the last attempt ended with, empty if none failed

    friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

/// How long to wait after the `attempts`th failure (from 1): 5 minutes, doubled
/// each time, 12 hours at most.
std::chrono::minutes delivery_pause(int attempts) noexcept;

}  // namespace model
