#include "prober/curl_outcome.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>

namespace prober {
namespace {

using model::Outcome;
using model::OutcomeKind;

constexpr int curle_too_large = 100;  // CURLE_TOO_LARGE, which libcurl 7.88 does not have

// OpenSSL's X509_V_ERR_..., part of its stable interface.
constexpr long unspecified = 1;  // also libcurl's value for "not known yet"
constexpr long unable_to_get_issuer = 2;
constexpr long has_expired = 10;
constexpr long self_signed_leaf = 18;
constexpr long self_signed_in_chain = 19;
constexpr long unable_to_get_issuer_locally = 20;
constexpr long unable_to_verify_leaf = 21;
constexpr long untrusted = 27;
constexpr long hostname_mismatch = 62;
constexpr long address_mismatch = 64;

bool is_own_shortage(int system_error) noexcept {
    switch (system_error) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT: return true;
    default: return false;
    }
}

OutcomeKind from_verify_result(long result) noexcept {
    switch (result) {
    case has_expired: return OutcomeKind::tls_expired;
    case self_signed_leaf:
    case self_signed_in_chain: return OutcomeKind::tls_self_signed;
    case unable_to_get_issuer:
    case unable_to_get_issuer_locally:
    case unable_to_verify_leaf:
    case untrusted: return OutcomeKind::tls_unknown_issuer;
    case 0:  // OpenSSL was content: the name was libcurl's complaint
    case unspecified:
    case hostname_mismatch:
    case address_mismatch: return OutcomeKind::tls_wrong_host;
    default: return OutcomeKind::tls_failed;
    }
}

OutcomeKind from_connect_error(const TransferEnd& end) noexcept {
    if (is_own_shortage(end.system_error) || end.is_through_proxy) {
        return OutcomeKind::prober_trouble;
    }
    switch (end.system_error) {
    case ETIMEDOUT: return OutcomeKind::timeout_connect;
    case ECONNRESET:
    case EPIPE: return OutcomeKind::reset;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EACCES:
    case EPERM: return OutcomeKind::unreachable;
    default: return OutcomeKind::refused;
    }
}

Outcome from_status(const TransferEnd& end) noexcept {
    constexpr int status_ok = 200;
    constexpr int status_last = 599;
    if (!end.has_all_headers) {
        return {OutcomeKind::reset};
    }
    if (end.status == status_ok) {
        return {OutcomeKind::ok};
    }
    if (end.status < status_ok || end.status > status_last) {
        return {OutcomeKind::invalid_answer};
    }
    return {OutcomeKind::http_status, end.status};
}

Outcome from_ftp_reply(int reply) noexcept {
    constexpr int reply_first_failure = 400;
    if (reply < reply_first_failure) {
        return {OutcomeKind::invalid_answer};
    }
    return {OutcomeKind::http_status, reply};
}

/// The failures that mean the same for each protocol.
OutcomeKind from_code(const TransferEnd& end) noexcept {
    constexpr int tunnel_refused_min = 300;
    if (end.tunnel_status >= tunnel_refused_min) {
        return OutcomeKind::unreachable;
    }
    switch (end.code) {
    case CURLE_COULDNT_RESOLVE_HOST: return OutcomeKind::name_not_resolved;
    case CURLE_COULDNT_CONNECT: return from_connect_error(end);
    case CURLE_OPERATION_TIMEDOUT:
        return end.is_connected || end.is_answered ? OutcomeKind::timeout_response
                                                   : OutcomeKind::timeout_connect;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2_STREAM: return OutcomeKind::reset;
    case CURLE_PEER_FAILED_VERIFICATION: return from_verify_result(end.verify_result);
    case CURLE_SSL_CONNECT_ERROR:
        return end.system_error == ECONNRESET ? OutcomeKind::reset : OutcomeKind::tls_failed;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return OutcomeKind::tls_failed;
    case CURLE_OUT_OF_MEMORY:
        // libcurl 7.88 says so when one header line outgrows its buffer, too.
        return end.is_connected ? OutcomeKind::invalid_answer : OutcomeKind::prober_trouble;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
    case CURLE_WRITE_ERROR:
    case curle_too_large: return OutcomeKind::invalid_answer;
    default: return OutcomeKind::prober_trouble;
    }
}

bool is_ftp_refusal(int code) noexcept {
    switch (code) {
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_LOGIN_DENIED:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_QUOTE_ERROR:
    case CURLE_FTP_WEIRD_PASS_REPLY:
    case CURLE_FTP_COULDNT_USE_REST:
    case CURLE_FTP_COULDNT_SET_TYPE:
    case CURLE_FTP_COULDNT_RETR_FILE: return true;
    default: return false;
    }
}

}  // namespace

Outcome to_outcome(const TransferEnd& end) noexcept {
    if (end.has_too_much_head) {
        return {OutcomeKind::invalid_answer};
    }
    if (end.is_ftp) {
        if (end.code == CURLE_OK) {
            return end.is_size_known ? Outcome{OutcomeKind::ok} : from_ftp_reply(end.status);
        }
        if (is_ftp_refusal(end.code)) {
            return from_ftp_reply(end.status);
        }
    } else if (end.code == CURLE_OK || (end.code == CURLE_WRITE_ERROR && end.has_all_headers)) {
        return from_status(end);
    }
    return {from_code(end)};
}

bool is_get_worth_trying(Outcome outcome, KnownAnswers known) noexcept {
    constexpr int bad_request = 400;
    constexpr int forbidden = 403;
    constexpr int method_not_allowed = 405;
    constexpr int not_implemented = 501;
    if (outcome.kind == OutcomeKind::reset) {
        return known == KnownAnswers::some;
    }
    if (outcome.kind != OutcomeKind::http_status) {
        return false;
    }
    return outcome.status == method_not_allowed || outcome.status == not_implemented ||
           ((outcome.status == bad_request || outcome.status == forbidden) &&
            known != KnownAnswers::head);
}

bool is_timeout_credible(std::chrono::milliseconds lateness,
                         std::chrono::milliseconds time_limit) noexcept {
    constexpr std::chrono::milliseconds lateness_min{250};
    constexpr int share = 10;
    return lateness <= std::max(lateness_min, time_limit / share);
}

}  // namespace prober
