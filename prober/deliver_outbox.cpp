#include "prober/deliver_outbox.hpp"

#include <limits>

namespace prober {
namespace {

constexpr std::size_t messages_max = 10'000;

enum class Next { go_on, end_round };

/// Keeps `send_mail` from saying the last word of a message that waits no more.
struct WaitsNoMore {};

/// Stores what became of one message, and says whether the next has a chance.
Next settle(model::MailOutbox& outbox, const model::OutboxEntry& entry, const MailResult& result,
            model::Timestamp now, Delivery& delivery) {
    if (delivery.trouble.empty()) {
        delivery.trouble = result.words;
    }
    switch (result.outcome) {
    case MailOutcome::sent:
        outbox.message_sent(entry.id, now);
        ++delivery.sent;
        return Next::go_on;
    case MailOutcome::uncertain:
        // The entry stays as message_handed_over left it.
        ++delivery.uncertain;
        return Next::end_round;
    case MailOutcome::rejected:
    case MailOutcome::unavailable: break;
    }
    outbox.message_failed(entry.id, result.words, now + model::delivery_pause(entry.attempts + 1));
    ++delivery.failed;
    return result.outcome == MailOutcome::rejected ? Next::go_on : Next::end_round;
}

}  // namespace

Delivery deliver_outbox(model::MailOutbox& outbox, const SendMessage& send, const Now& now,
                        const IsStopped& is_stopped, Round round) {
    // No message waits for longer than the longest pause.
    const auto due = round == Round::of_all
                         ? now() + model::delivery_pause(std::numeric_limits<int>::max())
                         : now();
    const auto entries = outbox.due_messages(due, messages_max);
    Delivery delivery;
    delivery.left = entries.size();
    for (const model::OutboxEntry& entry : entries) {
        if (is_stopped()) {
            break;
        }
        --delivery.left;
        try {
            const MailResult result = send(entry.message, entry.created, [&] {
                if (!outbox.message_handed_over(entry.id)) {
                    throw WaitsNoMore{};
                }
            });
            if (settle(outbox, entry, result, now(), delivery) == Next::end_round) {
                break;
            }
        } catch (const WaitsNoMore&) {
            continue;  // it is neither sent nor failed
        }
    }
    return delivery;
}

Delivery deliver_outbox(model::MailOutbox& outbox, const MailServer& server, const Now& now,
                        const IsStopped& is_stopped, Round round) {
    const SendMessage send = [&server](const model::Message& message, model::Timestamp date,
                                       const std::function<void()>& before_last_word) {
        return send_mail(server, message, date, before_last_word);
    };
    return deliver_outbox(outbox, send, now, is_stopped, round);
}

}  // namespace prober
