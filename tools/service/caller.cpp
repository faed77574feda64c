#include "tools/service/caller.hpp"

#include "model/base64.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

namespace service {
namespace {

using model::Store;
using model::Timestamp;
using model::TokenState;

constexpr std::chrono::minutes use_is_kept_every{1};

void keep_use(Store& store, const model::Token& token, Timestamp now) {
    if (!token.last_used || now - *token.last_used >= use_is_kept_every) {
        store.token_used(token.id, now);
    }
}

Caller::Kind kind_of(model::Scopes scopes) noexcept {
    if (scopes.has(model::Scope::admin)) {
        return Caller::Kind::admin;
    }
    return scopes.has(model::Scope::mirror) ? Caller::Kind::owner : Caller::Kind::worker;
}

Caller holder_of(const model::Token& token) {
    Caller caller;
    caller.kind = kind_of(token.scopes);
    caller.scopes = token.scopes;
    caller.name = token.holder;
    caller.token = token.id;
    return caller;
}

bool is_same_word(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

/// What follows the scheme in the field Authorization; empty where that is another one.
std::optional<std::string_view> credentials(const Request& request,
                                            std::string_view scheme) noexcept {
    const auto sent = field(request, "authorization");
    if (!sent) {
        return std::nullopt;
    }
    const auto space = sent->find(' ');
    if (space == std::string_view::npos || !is_same_word(sent->substr(0, space), scheme)) {
        return std::nullopt;
    }
    const auto first = sent->find_first_not_of(' ', space);
    return first == std::string_view::npos ? std::string_view() : sent->substr(first);
}

/// "https://status.example.org" without its scheme.
std::string_view host_of(std::string_view origin) noexcept {
    const auto scheme = origin.find("://");
    return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

bool may_act_for(const Caller& caller, std::string_view mirror) noexcept {
    return caller.kind == Caller::Kind::admin ||
           (caller.kind == Caller::Kind::owner && caller.name == mirror);
}

bool may_report(const Caller& caller, model::Scope scope) noexcept {
    return caller.kind == Caller::Kind::admin || caller.scopes.has(scope);
}

bool may_report_sync(const Caller& caller, std::string_view mirror) noexcept {
    return caller.kind == Caller::Kind::admin ||
           (caller.scopes.are_of_mirror() && caller.name == mirror);
}

std::string author_name(const Caller& caller) {
    if (caller.kind == Caller::Kind::admin) {
        return caller.name;
    }
    if (caller.kind == Caller::Kind::worker && !caller.scopes.are_of_mirror()) {
        return fmt::format("worker {} with token {}", caller.name, to_integer(caller.token));
    }
    return caller.proof == Caller::Proof::link
               ? "owner with a link from a mail"
               : fmt::format("owner with token {}", to_integer(caller.token));
}

std::string form_key_of(const model::Secret& session_secret) {
    return to_string(sign(session_secret, "form"));
}

Caller find_session_caller(const Request& request, Store& store, Timestamp now) {
    const auto sent = cookie(request, session_cookie);
    const auto credential = sent ? model::parse_session(*sent) : std::nullopt;
    if (!credential) {
        return {};
    }
    const auto session = store.session(model::SessionId{credential->number});
    if (!session || !is_same_secret(session->hash, hash_of(credential->secret)) ||
        now >= session->expires || state_of(session->token, now) != TokenState::valid) {
        return {};
    }
    keep_use(store, session->token, now);
    Caller caller = holder_of(session->token);
    caller.proof = Caller::Proof::session;
    caller.session = session->id;
    caller.form_key = form_key_of(credential->secret);
    return caller;
}

TokenCheck check_token(std::string_view text, Store& store, Timestamp now) {
    const auto credential = model::parse_token(text);
    if (!credential) {
        return {.caller = {},
                .fault =
                    "This is no token: one begins with mw_ and was printed by `mirrorwarden "
                    "token create`."};
    }
    const auto token = store.token(model::TokenId{credential->number});
    if (!token || !is_same_secret(token->hash, hash_of(credential->secret))) {
        return {.caller = {}, .fault = "There is no such token."};
    }
    switch (state_of(*token, now)) {
    case TokenState::expired:
        return {.caller = {},
                .fault = fmt::format("The token expired at {}; ask an admin for another one.",
                                     model::format_timestamp(token->expires))};
    case TokenState::revoked:
        return {.caller = {},
                .fault = fmt::format("The token was revoked at {}; ask an admin for another one.",
                                     model::format_timestamp(*token->revoked))};
    case TokenState::valid: break;
    }
    keep_use(store, *token, now);
    Caller caller = holder_of(*token);
    caller.proof = Caller::Proof::token;
    return {.caller = caller, .fault = {}};
}

// Source: RFC 6750, section 2.1.
std::optional<std::string_view> bearer_token(const Request& request) noexcept {
    return credentials(request, "bearer");
}

// Source: RFC 7617, section 2.
std::optional<std::string> basic_password(const Request& request) {
    const auto sent = credentials(request, "basic");
    if (!sent) {
        return std::nullopt;
    }
    const auto pair = model::from_base64(*sent).value_or("");
    const auto colon = pair.find(':');
    return colon == std::string::npos ? std::string() : pair.substr(colon + 1);
}

// Source: W3C Fetch Metadata, section 2.4; RFC 6454, section 7. A page cannot set either field.
bool is_from_elsewhere(const Request& request) noexcept {
    if (const auto site = field(request, "sec-fetch-site")) {
        return *site != "same-origin" && *site != "none";
    }
    const auto origin = field(request, "origin");
    if (!origin) {
        return false;
    }
    const auto host = host_of(*origin);
    return host.empty() || (*origin != request.origin && host != field(request, "host"));
}

}  // namespace service
