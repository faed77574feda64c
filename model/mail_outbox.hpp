#pragma once

#include "model/outbox.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace model {

/// The mails that were decided on, and what became of them: all of a store that delivering them
/// needs. As the calls of `Store`.
class MailOutbox {
public:
    virtual ~MailOutbox() = default;

    virtual void add_messages(std::span<const Message>, Timestamp) = 0;
    virtual std::vector<OutboxEntry> outbox(bool with_sent) = 0;  // oldest first
    /// Waiting entries whose next attempt is due, or so far ahead that a clock was wrong.
    virtual std::vector<OutboxEntry> due_messages(Timestamp now, std::size_t most) = 0;
    /// About to say the last word to the mail server: until `message_sent` or
    /// `message_failed` follows, the entry is `uncertain`. False where it waits no more, and then
    /// that word must not be said: it was discarded, or another has sent it.
    virtual bool message_handed_over(MessageId) = 0;
    virtual void message_sent(MessageId, Timestamp) = 0;
    virtual void message_failed(MessageId, const std::string& error, Timestamp next_attempt) = 0;
};

}  // namespace model
