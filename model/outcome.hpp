#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// How one request ended. Named the same in logs, JSON and mails.
enum class OutcomeKind : std::uint8_t {
    ok,           // 200
    http_status,  // any other final status; for ftp, the server's reply code
    name_not_resolved,
    refused,
    unreachable,  // no route to the host or network
    reset,        // the connection was closed before the answer was whole
    timeout_connect,
    timeout_response,
    tls_expired,
    tls_self_signed,
    tls_wrong_host,
    tls_unknown_issuer,
    tls_failed,  // no TLS at all, or a fault of another kind
    too_many_redirects,
    redirect_to_different_file,
    redirect_to_unknown_scheme,
    invalid_answer,  // not HTTP, endless headers, a lying Content-Length
    skipped,         // not asked: the host is failing
    cancelled,       // not asked, or abandoned, because the run was ended
    prober_trouble,  // our own fault (descriptors, memory, a late loop): says nothing of the mirror
};

struct Outcome {
    OutcomeKind kind = OutcomeKind::prober_trouble;
    int status = 0;  // only with `http_status`

    bool is_ok() const noexcept { return kind == OutcomeKind::ok; }

    friend auto operator<=>(const Outcome&, const Outcome&) = default;
};

/// "ok", "http-status 404", "timeout-connect", "tls-expired", ...
std::string to_string(Outcome);
/// Reads what `to_string` writes, and nothing else.
std::optional<Outcome> parse_outcome(std::string_view) noexcept;

/// What it means and what the owner may look at, one sentence without a full
/// stop: "the server did not accept a connection within the time limit".
std::string_view explain(OutcomeKind) noexcept;

bool is_timeout(OutcomeKind) noexcept;
bool is_tls_failure(OutcomeKind) noexcept;
/// The server says that there is no such file: 404 and 410, and 550 by ftp.
bool is_gone(Outcome) noexcept;
/// Says nothing about the mirror: cancelled, or our own trouble.
bool is_inconclusive(OutcomeKind) noexcept;

/// Requests by outcome, keyed as `to_string` spells it.
using OutcomeCounts = std::map<std::string, std::uint32_t>;

}  // namespace model
