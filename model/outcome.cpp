#include "model/outcome.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace model {
namespace {

struct Word {
    OutcomeKind kind;
    std::string_view name;
    std::string_view explanation;
};

constexpr std::array words = {
    Word{OutcomeKind::ok, "ok", "the file is there"},
    Word{OutcomeKind::http_status, "http-status", "the server answered, but not with the file"},
    Word{OutcomeKind::name_not_resolved, "name-not-resolved",
         "the host name has no address; check the name servers of its domain"},
    Word{OutcomeKind::refused, "refused",
         "the host is there, but nothing listens on the port; check that the server runs"},
    Word{OutcomeKind::unreachable, "unreachable",
         "there is no route to the host; check its network, IPv6 as well as IPv4"},
    Word{OutcomeKind::reset, "reset",
         "the server closed the connection before its answer was whole"},
    Word{OutcomeKind::timeout_connect, "timeout-connect",
         "the server did not accept a connection within the time limit"},
    Word{OutcomeKind::timeout_response, "timeout-response",
         "the server accepted the connection but did not answer within the time limit"},
    Word{OutcomeKind::tls_expired, "tls-expired",
         "the certificate has expired, or is not valid yet; renew it"},
    Word{OutcomeKind::tls_self_signed, "tls-self-signed",
         "the certificate is self-signed, so nobody can verify it"},
    Word{OutcomeKind::tls_wrong_host, "tls-wrong-host", "the certificate is for another host name"},
    Word{OutcomeKind::tls_unknown_issuer, "tls-unknown-issuer",
         "the certificate's issuer is not trusted; check that the intermediate certificates are "
         "sent too"},
    Word{OutcomeKind::tls_failed, "tls-failed", "no TLS connection came about"},
    Word{OutcomeKind::too_many_redirects, "too-many-redirects",
         "the server redirected again and again"},
    Word{OutcomeKind::redirect_to_different_file, "redirect-to-different-file",
         "the server redirected to something that is not the file"},
    Word{OutcomeKind::redirect_to_unknown_scheme, "redirect-to-unknown-scheme",
         "the server redirected to something other than http, https or ftp"},
    Word{OutcomeKind::invalid_answer, "invalid-answer",
         "what came back was no valid answer of its protocol"},
    Word{OutcomeKind::skipped, "skipped",
         "not asked, because the host had failed too many requests before"},
    Word{OutcomeKind::cancelled, "cancelled", "not asked, because the run was ended"},
    Word{OutcomeKind::prober_trouble, "prober-trouble",
         "the prober itself had trouble; this says nothing about the mirror"},
};

const Word& word_of(OutcomeKind kind) noexcept {
    const auto* const found = std::ranges::find(words, kind, &Word::kind);
    return found == words.end() ? words.back() : *found;
}

}  // namespace

std::string to_string(Outcome outcome) {
    std::string text{word_of(outcome.kind).name};
    if (outcome.kind == OutcomeKind::http_status) {
        text += ' ' + std::to_string(outcome.status);
    }
    return text;
}

std::optional<Outcome> parse_outcome(std::string_view text) noexcept {
    const auto blank = text.find(' ');
    const auto* const word = std::ranges::find(words, text.substr(0, blank), &Word::name);
    const bool has_status = blank != std::string_view::npos;
    if (word == words.end() || has_status != (word->kind == OutcomeKind::http_status)) {
        return std::nullopt;
    }
    Outcome outcome{.kind = word->kind};
    if (has_status) {
        const std::string_view digits = text.substr(blank + 1);
        const char* const end = digits.data() + digits.size();
        const auto [rest, error] = std::from_chars(digits.data(), end, outcome.status);
        if (error != std::errc{} || rest != end) {
            return std::nullopt;
        }
    }
    return outcome;
}

std::string_view explain(OutcomeKind kind) noexcept {
    return word_of(kind).explanation;
}

bool is_timeout(OutcomeKind kind) noexcept {
    return kind == OutcomeKind::timeout_connect || kind == OutcomeKind::timeout_response;
}

bool is_tls_failure(OutcomeKind kind) noexcept {
    return kind >= OutcomeKind::tls_expired && kind <= OutcomeKind::tls_failed;
}

bool is_gone(Outcome outcome) noexcept {
    constexpr int not_found = 404;
    constexpr int gone = 410;
    constexpr int unavailable_by_ftp = 550;
    return outcome.kind == OutcomeKind::http_status &&
           (outcome.status == not_found || outcome.status == gone ||
            outcome.status == unavailable_by_ftp);
}

bool is_inconclusive(OutcomeKind kind) noexcept {
    return kind == OutcomeKind::cancelled || kind == OutcomeKind::prober_trouble;
}

}  // namespace model
