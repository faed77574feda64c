#pragma once

#include "model/mail_outbox.hpp"
#include "model/timestamp.hpp"
#include "prober/mail_sender.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace prober {

/// What one round of delivering came to, in messages.
struct Delivery {
    std::size_t sent = 0;
    std::size_t failed = 0;  // waiting again, after a pause
    std::size_t uncertain =
        0;                 // handed over, the server's word not heard; not sent again by itself
    std::size_t left = 0;  // due, but not tried
    std::string trouble;   // the first failure's words, for people; empty if all went well
};

/// Sends one message as `send_mail` does, to a server of its own.
using SendMessage = std::function<MailResult(const model::Message&, model::Timestamp date,
                                             const std::function<void()>& before_last_word)>;
using Now = std::function<model::Timestamp()>;
using IsStopped = std::function<bool()>;

/// What a round takes: each message waits for a while after it could not be sent.
enum class Round { of_due, of_all };

/// Sends what waits in the outbox, one after another, and blocks meanwhile.
///
/// The outbox never loses a message and sends none twice: an entry is uncertain
/// from before the server can accept it until its word was heard and stored. One that was
/// discarded, or sent by another, since the round began is not sent.
/// A message that the server refuses, be it for now, holds up no other. The round
/// ends early once the server proved unavailable or fell silent, so that one outage
/// costs one failure, or when `is_stopped` says so between two messages. At most 10,000
/// messages a round. The caller holds the lock "outbox". What the outbox throws comes out.
Delivery deliver_outbox(model::MailOutbox&, const SendMessage&, const Now&, const IsStopped&,
                        Round = Round::of_due);
Delivery deliver_outbox(model::MailOutbox&, const MailServer&, const Now&, const IsStopped&, Round);

}  // namespace prober
