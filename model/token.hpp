#pragma once

#include "model/sha256.hpp"
#include "model/timestamp.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Who may change things over HTTP: tokens, and the sessions of browsers that begin with one.
namespace model {

/// 256 random bits that prove who somebody is: shown to them once, kept only as a SHA-256, and
/// never in a log or a message.
struct Secret {
    std::array<std::uint8_t, 32> bytes{};

    friend bool operator==(const Secret&, const Secret&) = delete;  // `is_same_secret` compares
};

enum class TokenId : std::int64_t {};
enum class SessionId : std::int64_t {};

constexpr std::int64_t to_integer(TokenId id) noexcept {
    return static_cast<std::int64_t>(id);
}
constexpr std::int64_t to_integer(SessionId id) noexcept {
    return static_cast<std::int64_t>(id);
}

/// What a token lets its holder do. Values are bits of `Scopes`, and never given to another.
enum class Scope : std::uint32_t {
    admin = 1,          // everything, as that person
    mirror = 2,         // what an owner may do with that one mirror, its syncs too
    branch_report = 4,  // what a worker reports of branches
    script_record = 8,  // that a job ran
    mirror_sync = 16,   // that one mirror is being synced
};
inline constexpr std::array all_scopes = {Scope::admin, Scope::mirror, Scope::branch_report,
                                          Scope::script_record, Scope::mirror_sync};
/// "admin", "mirror", "branch.report", "script.record", "mirror.sync"
std::string_view to_string(Scope) noexcept;
std::optional<Scope> parse_scope(std::string_view) noexcept;

/// All that one token is good for. Stored as its bits. Those of a mirror and those of workers
/// do not meet in one token, and `admin` is alone: `scopes_fault` says so.
struct Scopes {
    std::uint32_t bits = 0;

    constexpr Scopes() = default;
    constexpr Scopes(Scope scope) : bits{static_cast<std::uint32_t>(scope)} {}
    constexpr bool has(Scope scope) const noexcept {
        return (bits & static_cast<std::uint32_t>(scope)) != 0;
    }
    constexpr void add(Scope scope) noexcept { bits |= static_cast<std::uint32_t>(scope); }
    /// Whether the holder is a mirror.
    constexpr bool are_of_mirror() const noexcept {
        return has(Scope::mirror) || has(Scope::mirror_sync);
    }

    friend constexpr bool operator==(const Scopes&, const Scopes&) = default;
};
std::string to_string(Scopes);  // "branch.report, script.record"
/// Empty, or a sentence that says what does not go together.
std::string scopes_fault(Scopes);

struct NewToken {
    Scopes scopes;
    std::string holder;  // the admin's login name, the mirror's name, or the worker's
    Sha256 hash;         // of its secret
    Timestamp expires;
};

struct Token {
    TokenId id{};
    Scopes scopes;
    std::string holder;
    Sha256 hash;
    Timestamp created;
    std::string created_by;
    Timestamp expires;
    std::optional<Timestamp> last_used = std::nullopt;  // up to a minute late
    std::optional<Timestamp> revoked = std::nullopt;
    std::string revoked_by = {};

    friend bool operator==(const Token&, const Token&) = default;
};

enum class TokenState { valid, expired, revoked };
std::string_view to_string(TokenState) noexcept;  // "valid"
TokenState state_of(const Token&, Timestamp now) noexcept;

/// A browser that was shown a token, and a secret of its own.
struct Session {
    SessionId id{};
    Sha256 hash;
    Timestamp created;
    Timestamp expires;
    Token token;

    friend bool operator==(const Session&, const Session&) = default;
};

/// Somebody asked for a mirror to be probed soon.
struct ProbeRequest {
    std::string mirror;
    Timestamp asked;
    std::string who;

    friend bool operator==(const ProbeRequest&, const ProbeRequest&) = default;
};

/// For so long a request waits for a probe that begins after it.
inline constexpr std::chrono::hours probe_request_life{24};

/// How long an owner waits from one request for a probe to the next.
inline constexpr std::chrono::hours owner_request_pause{1};

/// A number that says where to look, and the secret that proves it: what people hold.
struct Credential {
    std::int64_t number = 0;
    Secret secret;
};

/// "mw_17_" and 64 hexadecimal digits. The beginning is for programs that look for secrets
/// where none should be.
std::string format_token(TokenId, const Secret&);
std::optional<Credential> parse_token(std::string_view) noexcept;

/// "17_" and 64 hexadecimal digits: the value of a cookie.
std::string format_session(SessionId, const Secret&);
std::optional<Credential> parse_session(std::string_view) noexcept;

}  // namespace model
