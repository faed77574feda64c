#include "model/token.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using namespace model;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon{std::chrono::microseconds{1'800'000'000'000'000}};

Secret counting() {
    Secret secret;
    for (std::size_t i = 0; i < secret.bytes.size(); ++i) {
        secret.bytes.at(i) = static_cast<std::uint8_t>(i);
    }
    return secret;
}

const std::string digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

}  // namespace

TEST_CASE("a token is its number and its secret, behind a beginning that tells what it is",
          "[model][token]") {
    CHECK(format_token(TokenId{17}, counting()) == "mw_17_" + digits);

    const auto read = parse_token("mw_17_" + digits);

    REQUIRE(read.has_value());
    CHECK(read->number == 17);
    CHECK(read->secret.bytes == counting().bytes);
}

TEST_CASE("a session's cookie is its number and its secret", "[model][token]") {
    CHECK(format_session(SessionId{5}, counting()) == "5_" + digits);

    const auto read = parse_session("5_" + digits);

    REQUIRE(read.has_value());
    CHECK(read->number == 5);
    CHECK(read->secret.bytes == counting().bytes);
}

TEST_CASE("what is spelled in any other way is no token", "[model][token]") {
    const auto [text, why] = GENERATE(table<std::string, std::string>({
        {"", "nothing"},
        {"mw_", "the beginning alone"},
        {"mw_17_", "no secret"},
        {"17_" + digits, "no beginning"},
        {"MW_17_" + digits, "another beginning"},
        {"mw__" + digits, "no number"},
        {"mw_0_" + digits, "numbers begin with 1"},
        {"mw_017_" + digits, "a second spelling of a number"},
        {"mw_-17_" + digits, "a sign"},
        {"mw_+17_" + digits, "a sign"},
        {"mw_17x_" + digits, "no number"},
        {"mw_99999999999999999999_" + digits, "more than 64 bits"},
        {"mw_17_" + digits.substr(2), "too short"},
        {"mw_17_" + digits + "00", "too long"},
        {"mw_17_" + digits.substr(2) + "1F", "a second spelling of a secret"},
        {"mw_17_" + digits.substr(1) + "g", "no digit"},
        {" mw_17_" + digits, "space before"},
    }));
    INFO(why);

    CHECK_FALSE(parse_token(text).has_value());
}

TEST_CASE("a token is valid until it expires or is revoked", "[model][token]") {
    Token token;
    token.expires = noon;

    CHECK(state_of(token, noon - 1us) == TokenState::valid);
    CHECK(state_of(token, noon) == TokenState::expired);
    token.revoked = noon - 1h;
    CHECK(state_of(token, noon - 1us) == TokenState::revoked);
    CHECK(state_of(token, noon) == TokenState::revoked);
}

TEST_CASE("scopes have names", "[model][token]") {
    const auto [scope, name] = GENERATE(table<Scope, std::string>({
        {Scope::admin, "admin"},
        {Scope::mirror, "mirror"},
        {Scope::branch_report, "branch.report"},
        {Scope::script_record, "script.record"},
        {Scope::mirror_sync, "mirror.sync"},
    }));

    CHECK(to_string(scope) == name);
    CHECK(parse_scope(name) == scope);
    CHECK(to_string(Scopes(scope)) == name);
    CHECK(scopes_fault(scope).empty());
    CHECK_FALSE(parse_scope(name + "s").has_value());
}

TEST_CASE("a token may be good for several calls of one holder", "[model][token]") {
    const auto [given, text, fault, why] =
        GENERATE(table<std::vector<Scope>, std::string, std::string, std::string>({
            {{Scope::script_record, Scope::branch_report},
             "branch.report, script.record",
             "",
             "a worker that pulls"},
            {{Scope::mirror, Scope::mirror_sync}, "mirror, mirror.sync", "", "one mirror"},
            {{}, "", "A token must be good for something.", "nothing"},
            {{Scope::admin, Scope::script_record},
             "admin, script.record",
             "An admin's token is good for everything: leave out what stands beside admin.",
             "an admin may do all"},
            {{Scope::mirror_sync, Scope::branch_report},
             "branch.report, mirror.sync",
             "A token is a mirror's or a worker's, not both: branch.report, mirror.sync do not go "
             "together; make a token for each.",
             "two holders"},
            {{Scope::mirror, Scope::script_record},
             "mirror, script.record",
             "A token is a mirror's or a worker's, not both: mirror, script.record do not go "
             "together; make a token for each.",
             "two holders"},
        }));
    INFO(why);
    Scopes scopes;
    for (const Scope scope : given) {
        scopes.add(scope);
    }

    CHECK(to_string(scopes) == text);
    CHECK(scopes_fault(scopes) == fault);
}
