#pragma once

#include "model/store.hpp"
#include "prober/deliver_outbox.hpp"
#include "prober/mail_sender.hpp"
#include "tools/mirrorwarden/config.hpp"

#include <optional>
#include <string>

namespace mirrorwarden {

/// When the connection to a mail server is to be encrypted. Where the configuration
/// does not say: not to this machine itself, whose mail server rarely has a certificate
/// that anybody signed; surely where a password is to be sent; else where it is offered.
prober::StartTls start_tls(const MailConfig&);

/// The mail server that is configured; empty if none is. Throws `InputError` if its
/// password cannot be read.
std::optional<prober::MailServer> find_mail_server(const MailConfig&);

/// Sends what is due, or all that waits, and blocks meanwhile; SIGINT and SIGTERM end it between
/// two messages. Empty if another process is at it.
std::optional<prober::Delivery> deliver_mail(model::Store&, const prober::MailServer&,
                                             prober::Round);

/// What people should know of it, a sentence or two; empty if all went well.
std::string describe_trouble(const prober::Delivery&);

}  // namespace mirrorwarden
