#include "storage/mirror_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace storage {
namespace {

using model::Refusal;
using model::Secret;
using model::Session;
using model::SessionId;
using model::Sha256;
using model::Timestamp;
using model::Token;
using model::TokenId;

/// A browser that logs in again and again must not fill the database.
constexpr int sessions_a_token_max = 50;
constexpr std::chrono::minutes use_is_kept_every{1};
constexpr const char* link_key_name = "links";

template <std::size_t size>
std::string_view text_of(const std::array<std::uint8_t, size>& bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as bytes
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <std::size_t size>
void fill(std::array<std::uint8_t, size>& bytes, const std::string& text) {
    if (text.size() != bytes.size()) {
        throw model::StorageError(
            fmt::format("the database holds a key or hash of {} bytes, where {} are right: it is "
                        "damaged; restore it from a backup",
                        text.size(), bytes.size()));
    }
    std::ranges::copy(text, bytes.begin());
}

std::optional<Timestamp> time_or_none(const Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.time(column));
}

/// The columns of `token` and its mirror's name, from `first` on.
Token read_token(const Row& row, std::size_t first) {
    Token token;
    token.id = TokenId{row.integer(first)};
    token.scopes.bits = static_cast<std::uint32_t>(row.integer(first + 1));
    token.holder = row.is_null(first + 3) ? row.text(first + 2) : row.text(first + 3);
    fill(token.hash.bytes, row.text(first + 4));
    token.created = row.time(first + 5);
    token.created_by = row.text(first + 6);
    token.expires = row.time(first + 7);
    token.last_used = time_or_none(row, first + 8);
    token.revoked = time_or_none(row, first + 9);
    token.revoked_by = row.text(first + 10);
    return token;
}

Refusal no_such_token(TokenId id) {
    return {.kind = Refusal::Kind::no_such_token,
            .detail = fmt::format("There is no token {}: `mirrorwarden token list` shows those "
                                  "that are there.",
                                  to_integer(id))};
}

std::optional<std::string> read_link_key(Database& database) {
    const Rows rows = database.execute("SELECT value FROM secret WHERE name = $1", {link_key_name});
    return rows.empty() ? std::nullopt : std::optional(rows[0].text(0));
}

Secret secret_of(const std::string& bytes) {
    Secret secret;
    fill(secret.bytes, bytes);
    return secret;
}

}  // namespace

model::StoreResult<TokenId> SqlStore::add_token(const model::NewToken& fresh,
                                                const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const bool is_of_mirror = fresh.scopes.are_of_mirror();
    const auto mirror = is_of_mirror ? read_mirror(*database_, fresh.holder) : std::nullopt;
    if (is_of_mirror && !mirror) {
        return no_such_mirror(fresh.holder);
    }
    const Rows rows = database_->execute(
        "INSERT INTO token (scope, login, mirror, sha256, created, created_by, expires, "
        "revoked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, '') RETURNING id",
        {fresh.scopes.bits, is_of_mirror ? std::string_view{} : std::string_view{fresh.holder},
         is_of_mirror ? Value{mirror->state.id} : Value{std::nullopt},
         Blob{text_of(fresh.hash.bytes)}, author.when, author.who, fresh.expires});
    transaction.commit();
    return TokenId{rows[0].integer(0)};
}

std::vector<Token> SqlStore::tokens() {
    Transaction transaction{*database_, Access::read};
    std::vector<Token> all;
    for (const Row row : database_->execute(
             "SELECT t.id, t.scope, t.login, m.name, t.sha256, t.created, t.created_by, "
             "t.expires, t.last_used, t.revoked, t.revoked_by FROM token t "
             "LEFT JOIN mirror m ON m.id = t.mirror ORDER BY t.id")) {
        all.push_back(read_token(row, 0));
    }
    transaction.commit();
    return all;
}

std::optional<Token> SqlStore::token(TokenId id) {
    Transaction transaction{*database_, Access::read};
    const Rows rows = database_->execute(
        "SELECT t.id, t.scope, t.login, m.name, t.sha256, t.created, t.created_by, t.expires, "
        "t.last_used, t.revoked, t.revoked_by FROM token t "
        "LEFT JOIN mirror m ON m.id = t.mirror WHERE t.id = CAST($1 AS BIGINT)",
        {id});
    transaction.commit();
    return rows.empty() ? std::nullopt : std::optional(read_token(rows[0], 0));
}

model::StoreResult<void> SqlStore::revoke_token(TokenId id, const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const Rows rows =
        database_->execute("SELECT revoked FROM token WHERE id = CAST($1 AS BIGINT)", {id});
    if (rows.empty()) {
        return no_such_token(id);
    }
    if (!rows[0].is_null(0)) {
        return Refusal{.kind = Refusal::Kind::already_so,
                       .detail = fmt::format("Token {} was revoked at {} already.", to_integer(id),
                                             model::format_timestamp(rows[0].time(0)))};
    }
    database_->execute("UPDATE token SET revoked = $1, revoked_by = $2 WHERE id = $3",
                       {author.when, author.who, id});
    database_->execute("DELETE FROM session WHERE token = $1", {id});
    transaction.commit();
    return {};
}

void SqlStore::token_used(TokenId id, Timestamp when) {
    Transaction transaction{*database_, Access::write};
    database_->execute(
        "UPDATE token SET last_used = $1 WHERE id = $2 AND (last_used IS NULL OR last_used <= $3)",
        {when, id, when - use_is_kept_every});
    transaction.commit();
}

model::StoreResult<SessionId> SqlStore::add_session(TokenId token, const Sha256& hash,
                                                    Timestamp now, Timestamp expires) {
    Transaction transaction{*database_, Access::write};
    if (database_->execute("SELECT id FROM token WHERE id = $1 AND revoked IS NULL", {token})
            .empty()) {
        return no_such_token(token);
    }
    database_->execute("DELETE FROM session WHERE expires <= $1", {now});
    const Rows rows = database_->execute(
        "INSERT INTO session (token, sha256, created, expires) VALUES ($1, $2, $3, $4) "
        "RETURNING id",
        {token, Blob{text_of(hash.bytes)}, now, expires});
    database_->execute(
        "DELETE FROM session WHERE token = $1 AND id NOT IN "
        "(SELECT id FROM session WHERE token = $2 ORDER BY id DESC LIMIT $3)",
        {token, token, sessions_a_token_max});
    transaction.commit();
    return SessionId{rows[0].integer(0)};
}

std::optional<Session> SqlStore::session(SessionId id) {
    Transaction transaction{*database_, Access::read};
    const Rows rows = database_->execute(
        "SELECT s.id, s.sha256, s.created, s.expires, t.id, t.scope, t.login, m.name, t.sha256, "
        "t.created, t.created_by, t.expires, t.last_used, t.revoked, t.revoked_by "
        "FROM session s JOIN token t ON t.id = s.token "
        "LEFT JOIN mirror m ON m.id = t.mirror WHERE s.id = CAST($1 AS BIGINT)",
        {id});
    transaction.commit();
    if (rows.empty()) {
        return std::nullopt;
    }
    Session session;
    session.id = SessionId{rows[0].integer(0)};
    fill(session.hash.bytes, rows[0].text(1));
    session.created = rows[0].time(2);
    session.expires = rows[0].time(3);
    session.token = read_token(rows[0], 4);
    return session;
}

void SqlStore::end_session(SessionId id) {
    Transaction transaction{*database_, Access::write};
    database_->execute("DELETE FROM session WHERE id = $1", {id});
    transaction.commit();
}

Secret SqlStore::link_key(const Secret& fresh) {
    {
        Transaction transaction{*database_, Access::read};
        const auto known = read_link_key(*database_);
        transaction.commit();
        if (known) {
            return secret_of(*known);
        }
    }
    Transaction transaction{*database_, Access::write};
    database_->execute(
        "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        {link_key_name, Blob{text_of(fresh.bytes)}});
    const auto known = read_link_key(*database_);
    transaction.commit();
    return secret_of(known.value());
}

void SqlStore::replace_link_key(const Secret& fresh) {
    Transaction transaction{*database_, Access::write};
    database_->execute(
        "INSERT INTO secret (name, value) VALUES ($1, $2) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {link_key_name, Blob{text_of(fresh.bytes)}});
    transaction.commit();
}

}  // namespace storage
