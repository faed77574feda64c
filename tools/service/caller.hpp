#pragma once

#include "model/store.hpp"
#include "model/token.hpp"
#include "tools/service/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace service {

/// Who asks, as the database knew it at the time of the request.
struct Caller {
    enum class Kind {
        anyone,
        worker,  // makes the calls of `scopes`, and may do nothing else
        owner,
        admin,
    };
    enum class Proof { none, token, session, link };

    Kind kind = Kind::anyone;
    Proof proof = Proof::none;
    std::string name;      // an admin's login, a worker's name, or the mirror of an owner
    model::Scopes scopes;  // of the token
    model::TokenId token{};
    model::SessionId session{};
    /// What forms of this session must send as `csrf`; empty without a session.
    std::string form_key;
};

/// Whether the caller may do what an owner of that mirror may.
bool may_act_for(const Caller&, std::string_view mirror) noexcept;

/// Whether the caller may make the calls of `scope`, which is no mirror's.
bool may_report(const Caller&, model::Scope scope) noexcept;

/// Whether the caller may say that the mirror is being synced.
bool may_report_sync(const Caller&, std::string_view mirror) noexcept;

/// For the audit trail: "alice", "owner with token 17", "owner with a link from a mail",
/// "worker puller-1 with token 18".
std::string author_name(const Caller&);

/// The cookie that holds a session.
inline constexpr std::string_view session_cookie = "mirrorwarden_session";

/// What forms of the session with that secret must send.
std::string form_key_of(const model::Secret& session_secret);

/// Who asks by a session's cookie; anyone where the session ended, or never was.
Caller find_session_caller(const Request&, model::Store&, model::Timestamp now);

/// Who holds a token, or why nobody does: a sentence for people.
struct TokenCheck {
    std::optional<Caller> caller;
    std::string fault;
};
TokenCheck check_token(std::string_view text, model::Store&, model::Timestamp now);

/// What follows "Bearer" in the field Authorization; other schemes are not for us.
std::optional<std::string_view> bearer_token(const Request&) noexcept;

/// The password of the field Authorization, where its scheme is Basic; whoever the user is. Empty
/// text where it cannot be read.
std::optional<std::string> basic_password(const Request&);

/// Whether another site's page may have made the browser send this: by Sec-Fetch-Site, or else
/// Origin. Programs send neither.
bool is_from_elsewhere(const Request&) noexcept;

}  // namespace service
