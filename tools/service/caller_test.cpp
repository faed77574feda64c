#include "tools/service/caller.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/service/secrets.hpp"

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

model::Secret counting() {
    model::Secret secret;
    for (std::size_t i = 0; i < secret.bytes.size(); ++i) {
        secret.bytes.at(i) = static_cast<std::uint8_t>(i);
    }
    return secret;
}

Request with_fields(std::vector<std::pair<std::string, std::string>> fields) {
    Request request;
    request.method = "POST";
    request.origin = "https://status.example.org";
    request.fields = std::move(fields);
    return request;
}

}  // namespace

// By another program: sha256sum and openssl dgst -mac HMAC of the bytes 0 to 31.
TEST_CASE("secrets are hashed and sign as the standards say", "[service][caller]") {
    CHECK(to_string(hash_of(counting())) ==
          "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
    CHECK(form_key_of(counting()) ==
          "4e2a489d496ea5822200bbf41f37519decfb2ca7a63532b795af0545098bcd86");
    CHECK(random_secret().bytes != random_secret().bytes);
}

TEST_CASE("secrets are the same or not", "[service][caller]") {
    CHECK(is_same_secret("abc", "abc"));
    CHECK_FALSE(is_same_secret("abc", "abd"));
    CHECK_FALSE(is_same_secret("abc", "ab"));
    CHECK_FALSE(is_same_secret("", "a"));
    CHECK_FALSE(is_same_secret(model::Sha256{counting().bytes}, model::Sha256{}));
}

TEST_CASE("a bearer's token is what follows the word", "[service][caller]") {
    using Token = std::optional<std::string>;
    const auto [sent, token, why] = GENERATE(table<std::string, Token, std::string>({
        {"Bearer mw_1_ab", "mw_1_ab", "as in RFC 6750"},
        {"bearer  mw_1_ab", "mw_1_ab", "schemes have no case"},
        {"Bearer ", "", "nothing said"},
        {"Basic YTpi", {}, "of a proxy before us, perhaps"},
        {"Bearer", {}, "no scheme with a word"},
        {"mw_1_ab", {}, "no scheme"},
    }));
    INFO(why);

    const auto request = with_fields({{"authorization", sent}});
    const auto found = bearer_token(request);

    CHECK(found.has_value() == token.has_value());
    CHECK(found.value_or("") == token.value_or(""));
}

TEST_CASE("what other sites' pages send is known by what browsers say of it", "[service][caller]") {
    using Fields = std::vector<std::pair<std::string, std::string>>;
    const auto [fields, is_elsewhere, why] = GENERATE(table<Fields, bool, std::string>({
        {{}, false, "a program"},
        {{{"sec-fetch-site", "same-origin"}}, false, "our own page"},
        {{{"sec-fetch-site", "none"}}, false, "typed by the user"},
        {{{"sec-fetch-site", "cross-site"}}, true, "another site"},
        {{{"sec-fetch-site", "same-site"}}, true, "a neighbour below the same domain"},
        {{{"sec-fetch-site", "same-origin"}, {"origin", "https://else.example.org"}},
         false,
         "behind a proxy that says nothing of its own name"},
        {{{"origin", "https://status.example.org"}}, false, "our public address"},
        {{{"origin", "https://evil.example.org"}, {"host", "status.example.org"}},
         true,
         "an older browser, another site"},
        {{{"origin", "http://127.0.0.1:8080"}, {"host", "127.0.0.1:8080"}},
         false,
         "asked directly"},
        {{{"origin", "http://127.0.0.1:9999"}, {"host", "127.0.0.1:8080"}}, true, "another port"},
        {{{"origin", "null"}, {"host", "null"}}, true, "a page without an origin"},
        {{{"origin", ""}}, true, "nothing said"},
    }));
    INFO(why);

    CHECK(is_from_elsewhere(with_fields(fields)) == is_elsewhere);
}

TEST_CASE("a token is good until it is revoked or expires, and with its secret alone",
          "[service][caller]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto secret = random_secret();
    const auto id = *store->add_token({.scopes = model::Scope::mirror,
                                       .holder = "valid-mirror",
                                       .hash = hash_of(secret),
                                       .expires = new_year + 24h},
                                      foo);
    const auto text = model::format_token(id, secret);
    const auto fault = [&](const std::string& sent, model::Timestamp now) {
        const auto check = check_token(sent, *store, now);
        CHECK_FALSE(check.caller.has_value());
        return check.fault;
    };

    const auto check = check_token(text, *store, new_year);

    REQUIRE(check.caller.has_value());
    CHECK(check.caller->kind == Caller::Kind::owner);
    CHECK(check.caller->proof == Caller::Proof::token);
    CHECK(check.caller->name == "valid-mirror");
    CHECK(author_name(*check.caller) == "owner with token 1");
    CHECK(may_act_for(*check.caller, "valid-mirror"));
    CHECK_FALSE(may_act_for(*check.caller, "invalid-mirror"));
    CHECK(store->token(id)->last_used == new_year);
    CHECK(fault(model::format_token(id, random_secret()), new_year) == "There is no such token.");
    CHECK(fault(model::format_token(model::TokenId{9}, secret), new_year) ==
          "There is no such token.");
    CHECK(says(fault("letmein", new_year), "This is no token"));
    CHECK(says(fault(text, new_year + 24h), "expired at 2026-01-02T00:00:00Z"));
    REQUIRE(store->revoke_token(id, foo).has_value());
    CHECK(says(fault(text, new_year), "revoked at 2026-01-01T00:00:00Z"));
}

TEST_CASE("a token opens its own calls and no others", "[service][caller]") {
    using model::Scope;
    struct Opened {
        Caller::Kind kind;
        bool branches;
        bool scripts;
        bool sync_of_valid;
        bool acts_for_valid;
        std::string author;
    };
    const auto [scopes, holder, opened] = GENERATE(table<std::vector<Scope>, std::string, Opened>({
        {{Scope::admin}, "alice", {Caller::Kind::admin, true, true, true, true, "alice"}},
        {{Scope::mirror},
         "valid-mirror",
         {Caller::Kind::owner, false, false, true, true, "owner with token 1"}},
        {{Scope::mirror_sync},
         "valid-mirror",
         {Caller::Kind::worker, false, false, true, false, "owner with token 1"}},
        {{Scope::mirror},
         "invalid-mirror",
         {Caller::Kind::owner, false, false, false, false, "owner with token 1"}},
        {{Scope::branch_report},
         "valid-mirror",  // a worker may be called as a mirror is
         {Caller::Kind::worker, true, false, false, false, "worker valid-mirror with token 1"}},
        {{Scope::branch_report, Scope::script_record},
         "puller-1",
         {Caller::Kind::worker, true, true, false, false, "worker puller-1 with token 1"}},
    }));
    const auto database = make_database("sqlite");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    model::NewToken fresh{.scopes = {}, .holder = holder, .hash = {}, .expires = new_year + 1h};
    for (const Scope scope : scopes) {
        fresh.scopes.add(scope);
    }
    const auto secret = random_secret();
    fresh.hash = hash_of(secret);
    const auto id = *store->add_token(fresh, foo);

    const auto caller = check_token(model::format_token(id, secret), *store, new_year).caller;

    REQUIRE(caller.has_value());
    CHECK(static_cast<int>(caller->kind) == static_cast<int>(opened.kind));
    CHECK(may_report(*caller, Scope::branch_report) == opened.branches);
    CHECK(may_report(*caller, Scope::script_record) == opened.scripts);
    CHECK(may_report_sync(*caller, "valid-mirror") == opened.sync_of_valid);
    CHECK(may_act_for(*caller, "valid-mirror") == opened.acts_for_valid);
    CHECK(author_name(*caller) == opened.author);
}

TEST_CASE("a session is its token's holder until either ends", "[service][caller]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto token = *store->add_token({.scopes = model::Scope::admin,
                                          .holder = "alice",
                                          .hash = hash_of(random_secret()),
                                          .expires = new_year + 6h},
                                         foo);
    const auto secret = counting();
    const auto expires = new_year + GENERATE(2h, 12h);
    const auto id = *store->add_session(token, hash_of(secret), new_year, expires);
    const auto end = std::min(expires, new_year + 6h);
    const auto asks = [&](const model::Secret& with, model::Timestamp now) {
        const std::string value = model::format_session(id, with);
        return find_session_caller(with_fields({{"cookie", "a=b; mirrorwarden_session=" + value}}),
                                   *store, now);
    };

    const Caller caller = asks(secret, end - 1us);

    CHECK(caller.kind == Caller::Kind::admin);
    CHECK(caller.proof == Caller::Proof::session);
    CHECK(caller.name == "alice");
    CHECK(caller.form_key == form_key_of(secret));
    CHECK(author_name(caller) == "alice");
    CHECK(asks(random_secret(), new_year).kind == Caller::Kind::anyone);
    CHECK(asks(secret, end).kind == Caller::Kind::anyone);
    REQUIRE(store->revoke_token(token, foo).has_value());
    CHECK(asks(secret, new_year).kind == Caller::Kind::anyone);
}
