#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <cstdint>
#include <limits>

using namespace storage::testing;
using model::Refusal;

// Such numbers come from outside: of tokens and cookies that anybody sends, of paths, of commands.
TEST_CASE("a number that no key can have is one that is not there", "[storage][keys]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto number = GENERATE(std::numeric_limits<std::int64_t>::max(), std::int64_t{1} << 31,
                                 std::numeric_limits<std::int64_t>::min());

    CHECK(store->token(model::TokenId{number}) == std::nullopt);
    CHECK(store->revoke_token(model::TokenId{number}, foo).error().kind ==
          Refusal::Kind::no_such_token);
    CHECK_FALSE(store->session(model::SessionId{number}).has_value());
    CHECK(store->branch(model::BranchId{number}) == std::nullopt);
    CHECK_FALSE(
        store->change_branch(model::BranchId{number}, [](const auto& one) { return one.mirroring; })
            .has_value());
    CHECK(store->retry_message(model::MessageId{number}, new_year).error().kind ==
          Refusal::Kind::no_such_message);
    CHECK(store->discard_message(model::MessageId{number}).error().kind ==
          Refusal::Kind::no_such_message);
    CHECK_FALSE(store->probe_log(model::ProbeId{number}).has_value());
    CHECK_FALSE(store->observation(model::ProbeId{number}).has_value());
}
