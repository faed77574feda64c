#include "tools/json/token_json.hpp"

#include "tools/cmake/catch.hpp"

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;

TEST_CASE("a token is told but for its hash", "[tools][token_json]") {
    const model::Timestamp noon{1'800'000'000s};  // 2027-01-15 08:00 UTC
    model::Token token;
    token.id = model::TokenId{17};
    token.scopes = model::Scope::mirror;
    token.holder = "valid-mirror";
    token.hash.bytes.fill(0xab);
    token.created = noon;
    token.created_by = "alice";
    token.expires = noon + 24h;

    CHECK(json::token_json(token, noon).dump() ==
          R"({"id":17,"state":"valid","for":"mirror","name":"valid-mirror",)"
          R"("created":"2027-01-15T08:00:00Z","created_by":"alice",)"
          R"("expires":"2027-01-16T08:00:00Z","last_used":null,"revoked":null,)"
          R"("revoked_by":null})");
    token.scopes = model::Scope::branch_report;
    token.scopes.add(model::Scope::script_record);
    token.last_used = noon + 1h;
    token.revoked = noon + 2h;
    token.revoked_by = "bob";
    const auto json = json::token_json(token, noon);
    CHECK(json.at("for") == "branch.report, script.record");
    CHECK(json.at("state") == "revoked");
    CHECK(json.at("last_used") == "2027-01-15T09:00:00Z");
    CHECK(json.at("revoked_by") == "bob");
}
