#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Refusal;
using model::Scope;
using model::TokenId;
using model::TokenState;

namespace {

model::Sha256 hash(std::uint8_t fill) {
    model::Sha256 hash;
    hash.bytes.fill(fill);
    hash.bytes[3] = 0;  // bytes, not text
    return hash;
}

model::Secret secret(std::uint8_t fill) {
    return {hash(fill).bytes};
}

model::NewToken of_admin() {
    return {.scopes = Scope::admin,
            .holder = "alice",
            .hash = hash(0xff),
            .expires = new_year + std::chrono::hours{24}};
}

model::NewToken of_mirror() {
    return {.scopes = Scope::mirror,
            .holder = "valid-mirror",
            .hash = hash(1),
            .expires = new_year + std::chrono::hours{48}};
}

}  // namespace

TEST_CASE("tokens are kept with all that is known of them", "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());

    const auto first = store->add_token(of_admin(), foo);
    const auto second = store->add_token(of_mirror(), foo);

    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    const model::Token admin{.id = *first,
                             .scopes = Scope::admin,
                             .holder = "alice",
                             .hash = hash(0xff),
                             .created = new_year,
                             .created_by = "foo",
                             .expires = new_year + 24h};
    const model::Token owner{.id = *second,
                             .scopes = Scope::mirror,
                             .holder = "valid-mirror",
                             .hash = hash(1),
                             .created = new_year,
                             .created_by = "foo",
                             .expires = new_year + 48h};
    CHECK(store->tokens() == std::vector{admin, owner});
    CHECK(store->token(*second) == owner);
    CHECK(store->token(TokenId{99}) == std::nullopt);
}

TEST_CASE("a token of a mirror that is not there is refused", "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();

    const auto added = store->add_token(of_mirror(), foo);

    REQUIRE(added.has_error());
    CHECK(added.error().kind == Refusal::Kind::no_such_mirror);
    CHECK(store->tokens().empty());
}

TEST_CASE("the last use of a token is kept once a minute", "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const TokenId id = *store->add_token(of_admin(), foo);

    store->token_used(id, new_year + 1h);
    store->token_used(id, new_year + 1h + 59s);
    CHECK(store->token(id)->last_used == new_year + 1h);
    store->token_used(id, new_year + 1h + 60s);
    CHECK(store->token(id)->last_used == new_year + 1h + 60s);
}

TEST_CASE("a token that is revoked says when and by whom, and takes its sessions with it",
          "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const TokenId id = *store->add_token(of_admin(), foo);
    const TokenId other = *store->add_token(of_mirror(), foo);
    const auto session = *store->add_session(id, hash(7), new_year, new_year + 12h);
    const auto kept = *store->add_session(other, hash(8), new_year, new_year + 12h);

    REQUIRE(store->revoke_token(id, {.who = "bob", .when = new_year + 1h, .why = ""}).has_value());

    CHECK(store->token(id)->revoked == new_year + 1h);
    CHECK(store->token(id)->revoked_by == "bob");
    CHECK(model::state_of(*store->token(id), new_year + 1h) == TokenState::revoked);
    CHECK(store->session(session) == std::nullopt);
    CHECK(store->session(kept).has_value());
    CHECK(store->revoke_token(id, foo).error().kind == Refusal::Kind::already_so);
    CHECK(store->revoke_token(TokenId{99}, foo).error().kind == Refusal::Kind::no_such_token);
    CHECK(store->add_session(id, hash(9), new_year, new_year + 12h).error().kind ==
          Refusal::Kind::no_such_token);
}

TEST_CASE("a session is found with its token, until it is ended", "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const TokenId id = *store->add_token(of_mirror(), foo);

    const auto session = *store->add_session(id, hash(7), new_year, new_year + 12h);

    CHECK(store->session(session) == model::Session{.id = session,
                                                    .hash = hash(7),
                                                    .created = new_year,
                                                    .expires = new_year + 12h,
                                                    .token = store->token(id).value()});
    store->end_session(session);
    store->end_session(session);
    CHECK(store->session(session) == std::nullopt);
}

TEST_CASE("sessions that expired go, and of one token the newest fifty stay", "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const TokenId many = *store->add_token(of_admin(), foo);
    const TokenId other = *store->add_token(of_mirror(), foo);
    const auto expired = *store->add_session(other, hash(1), new_year, new_year + 1h);
    const auto lasting = *store->add_session(other, hash(1), new_year, new_year + 12h);
    const auto first = *store->add_session(many, hash(2), new_year, new_year + 12h);
    const auto second = *store->add_session(many, hash(2), new_year, new_year + 12h);
    CHECK(store->session(expired).has_value());

    for (int i = 0; i < 49; ++i) {
        REQUIRE(store->add_session(many, hash(2), new_year + 1h, new_year + 12h).has_value());
    }

    CHECK(store->session(expired) == std::nullopt);
    CHECK(store->session(lasting).has_value());
    CHECK(store->session(first) == std::nullopt);
    CHECK(store->session(second).has_value());
}

TEST_CASE("a mirror that is deleted takes its tokens and requests with it", "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const TokenId id = *store->add_token(of_mirror(), foo);
    const auto session = *store->add_session(id, hash(7), new_year, new_year + 12h);
    REQUIRE(store->request_probe("valid-mirror", 0s, foo).has_value());

    REQUIRE(store->delete_mirror("valid-mirror").has_value());

    CHECK(store->tokens().empty());
    CHECK(store->session(session) == std::nullopt);
    CHECK(store->probe_requests(new_year).empty());
}

TEST_CASE("the key of links is made once, and is another one after it was replaced",
          "[storage][tokens]") {
    const auto database = make_database(GENERATE(from_range(backends())));

    CHECK(database->open()->link_key(secret(1)).bytes == secret(1).bytes);
    CHECK(database->open()->link_key(secret(2)).bytes == secret(1).bytes);
    database->open()->replace_link_key(secret(3));
    CHECK(database->open()->link_key(secret(4)).bytes == secret(3).bytes);
}
