#include "tools/mirrorwarden/mail_delivery.hpp"

#include "model/mirror_url.hpp"
#include "tools/mirrorwarden/config_file.hpp"
#include "tools/mirrorwarden/environment.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <iterator>

namespace mirrorwarden {
namespace {

/// Long: a server that greylists or scans may think for a while.
constexpr std::chrono::seconds message_timeout{60};

volatile std::sig_atomic_t is_stopped = 0;

/// Notes the signals that would end the process in the middle of a message, which
/// would leave it uncertain.
class StopSignals {
public:
    StopSignals() {
        is_stopped = 0;
        struct sigaction note {};
        note.sa_handler = [](int) { is_stopped = 1; };
        for (std::size_t i = 0; i < signals.size(); ++i) {
            ::sigaction(signals.at(i), &note, &before_.at(i));
        }
    }
    ~StopSignals() {
        for (std::size_t i = 0; i < signals.size(); ++i) {
            ::sigaction(signals.at(i), &before_.at(i), nullptr);
        }
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

private:
    static constexpr std::array signals = {SIGINT, SIGTERM};
    std::array<struct sigaction, signals.size()> before_{};
};

bool is_this_machine(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

prober::StartTls start_tls(const MailConfig& mail) {
    if (mail.starttls) {
        return *mail.starttls ? prober::StartTls::required : prober::StartTls::never;
    }
    if (mail.smtp_url.starts_with("smtps:") || is_this_machine(model::host_of(mail.smtp_url))) {
        return prober::StartTls::never;
    }
    return mail.user.empty() ? prober::StartTls::where_offered : prober::StartTls::required;
}

std::optional<prober::MailServer> find_mail_server(const MailConfig& mail) {
    if (mail.smtp_url.empty()) {
        return std::nullopt;
    }
    return prober::MailServer{.smtp_url = mail.smtp_url,
                              .from = mail.from,
                              .user = mail.user,
                              .password = read_mail_password(mail),
                              .starttls = start_tls(mail),
                              .ca_bundle = {},
                              .timeout = message_timeout};
}

std::optional<prober::Delivery> deliver_mail(model::Store& store, const prober::MailServer& server,
                                             prober::Round round) {
    const auto lock = store.try_lock("outbox");
    if (!lock) {
        return std::nullopt;
    }
    const StopSignals signals;
    return prober::deliver_outbox(
        store, server, now, [] { return is_stopped != 0; }, round);
}

std::string describe_trouble(const prober::Delivery& delivery) {
    std::string text;
    if (delivery.failed + delivery.left > 0) {
        fmt::format_to(std::back_inserter(text), "Mails not sent, to be tried again: {}.",
                       delivery.failed + delivery.left);
    }
    if (delivery.uncertain > 0) {
        fmt::format_to(std::back_inserter(text),
                       "{}Mails that may or may not have arrived: {}; `mirrorwarden outbox list` "
                       "shows them.",
                       text.empty() ? "" : " ", delivery.uncertain);
    }
    if (!text.empty() && !delivery.trouble.empty()) {
        text += " " + delivery.trouble;
    }
    return text;
}

}  // namespace mirrorwarden
