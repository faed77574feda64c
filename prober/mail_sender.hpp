#pragma once

#include "model/catalog.hpp"
#include "model/outbox.hpp"
#include "model/timestamp.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace prober {

/// Whether a plain connection is turned into a TLS one before anything is said.
enum class StartTls {
    never,
    where_offered,
    required,
};

/// Where mail leaves. `smtps://` is TLS from the first byte. TLS is always
/// verified. Without TLS, `password` travels in the clear.
struct MailServer {
    std::string smtp_url;  // "smtp://mail.example:25" or "smtps://mail.example:465"
    model::MailAddress from;
    std::string user;  // empty: no login
    std::string password;
    StartTls starttls = StartTls::where_offered;
    std::string ca_bundle;  // file of trusted certificates; empty: libcurl's own
    /// Of one message, connecting included. A server that fell silent may take as
    /// long again to be left.
    std::chrono::milliseconds timeout;
};

/// What is wrong with a mail server's URL, the end of a sentence; empty where libcurl can use it.
std::string smtp_url_fault(const std::string& smtp_url);

enum class MailOutcome {
    sent,         // the server has taken the message
    rejected,     // it refused this message, for good (5xx) or for now (4xx), or the address cannot
                  // be written to; others may fare better
    unavailable,  // it was not reached, is not usable as configured, or is going down (421)
    uncertain,    // the message was handed over, but the server's word was not heard
};

struct MailResult {
    MailOutcome outcome = MailOutcome::unavailable;
    /// For people: what we did, to whom, what came back. Never holds the password.
    /// Empty where sent.
    std::string words;
};

/// Sends one message over a connection of its own, and blocks meanwhile.
///
/// `before_last_word` is called once, when all of the message was read and the
/// server cannot have accepted it yet: what says "end of message" is sent after
/// it returns. Not called where the transfer ends before that. If it throws, the
/// transfer is aborted, the message is not accepted, and the exception comes out.
MailResult send_mail(const MailServer&, const model::Message&, model::Timestamp date,
                     const std::function<void()>& before_last_word);

}  // namespace prober
