#include "model/token.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace model {
namespace {

constexpr std::string_view token_prefix = "mw_";

std::string write(std::int64_t number, const Secret& secret) {
    return fmt::format("{}_{}", number, to_string(Sha256{secret.bytes}));
}

/// Exactly what `write` makes: one secret has one spelling.
std::optional<Credential> read(std::string_view text) noexcept {
    const auto end = text.find('_');
    if (end == std::string_view::npos || text.front() == '0') {
        return std::nullopt;
    }
    Credential credential;
    const char* const last = text.data() + end;
    const auto number = std::from_chars(text.data(), last, credential.number);
    if (number.ec != std::errc{} || number.ptr != last || credential.number <= 0) {
        return std::nullopt;
    }
    const auto hex = text.substr(end + 1);
    if (hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
        return std::nullopt;
    }
    const auto bytes = parse_sha256(hex);
    if (!bytes) {
        return std::nullopt;
    }
    credential.secret.bytes = bytes->bytes;
    return credential;
}

}  // namespace

std::string_view to_string(Scope scope) noexcept {
    switch (scope) {
    case Scope::admin: return "admin";
    case Scope::mirror: return "mirror";
    case Scope::branch_report: return "branch.report";
    case Scope::script_record: return "script.record";
    case Scope::mirror_sync: return "mirror.sync";
    }
    return "";
}

std::optional<Scope> parse_scope(std::string_view text) noexcept {
    for (const Scope scope : all_scopes) {
        if (to_string(scope) == text) {
            return scope;
        }
    }
    return std::nullopt;
}

std::string to_string(Scopes scopes) {
    std::string text;
    for (const Scope scope : all_scopes) {
        if (scopes.has(scope)) {
            text.append(text.empty() ? "" : ", ").append(to_string(scope));
        }
    }
    return text;
}

std::string scopes_fault(Scopes scopes) {
    if (to_string(scopes).empty()) {
        return "A token must be good for something.";
    }
    if (scopes.has(Scope::admin) && scopes != Scopes(Scope::admin)) {
        return "An admin's token is good for everything: leave out what stands beside admin.";
    }
    const bool are_of_worker = scopes.has(Scope::branch_report) || scopes.has(Scope::script_record);
    if (scopes.are_of_mirror() && are_of_worker) {
        return fmt::format(
            "A token is a mirror's or a worker's, not both: {} do not go together; "
            "make a token for each.",
            to_string(scopes));
    }
    return {};
}

std::string_view to_string(TokenState state) noexcept {
    switch (state) {
    case TokenState::valid: return "valid";
    case TokenState::expired: return "expired";
    case TokenState::revoked: return "revoked";
    }
    return "";
}

TokenState state_of(const Token& token, Timestamp now) noexcept {
    if (token.revoked) {
        return TokenState::revoked;
    }
    return now < token.expires ? TokenState::valid : TokenState::expired;
}

std::string format_token(TokenId id, const Secret& secret) {
    return std::string(token_prefix) + write(to_integer(id), secret);
}

std::optional<Credential> parse_token(std::string_view text) noexcept {
    if (!text.starts_with(token_prefix)) {
        return std::nullopt;
    }
    return read(text.substr(token_prefix.size()));
}

std::string format_session(SessionId id, const Secret& secret) {
    return write(to_integer(id), secret);
}

std::optional<Credential> parse_session(std::string_view text) noexcept {
    return read(text);
}

}  // namespace model
