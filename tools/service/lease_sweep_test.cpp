#include "tools/service/lease_sweep.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <future>

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

/// A branch whose worker has an hour from `new_year` on.
model::Branch under_way() {
    return {.name = "tree",
            .url = "https://example.org/tree",
            .mirroring = {.last_mirror_attempt = new_year,
                          .attempt = model::MirrorAttempt{"t", "puller", new_year + 1h}}};
}

}  // namespace

TEST_CASE("a worker's silence is a failure when its lease is over, and is told",
          "[service][lease_sweep]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    REQUIRE(store->add_branch(under_way()).has_value());
    std::vector<std::string> said;
    const auto say = [&](std::string_view line) { said.emplace_back(line); };

    sweep_leases(*store, new_year + 1h - 1s, say);
    CHECK(store->branch("tree")->mirroring == under_way().mirroring);
    sweep_leases(*store, new_year + 1h, say);
    sweep_leases(*store, new_year + 2h, say);

    CHECK(store->branch("tree")->mirroring.mirror_failures == 1);
    CHECK(!store->branch("tree")->mirroring.attempt);
    REQUIRE(said.size() == 1);
    CHECK(says(said.front(), "tree"));
    CHECK(says(said.front(), "no report within 60 minutes"));
}

TEST_CASE("leases are looked at ten times in their life, within bounds", "[service][lease_sweep]") {
    CHECK(sweep_interval(1s) == 100ms);
    CHECK(sweep_interval(30s) == 3s);
    CHECK(sweep_interval(1h) == 10s);
    CHECK(sweep_interval(std::chrono::hours{24 * 30}) == 10s);
}

TEST_CASE("a sweep outlives a database that is away", "[service][lease_sweep]") {
    const auto database = make_database("sqlite");
    REQUIRE(database->open()->add_branch(under_way()).has_value());
    int opened = 0;
    std::vector<std::string> said;
    std::promise<void> swept;
    const auto open = [&]() -> std::unique_ptr<model::Store> {
        if (++opened < 3) {
            throw model::StorageError("no database");
        }
        return database->open();
    };
    const auto say = [&](std::string_view line) {
        said.emplace_back(line);
        if (says(said.back(), "tree")) {
            swept.set_value();
        }
    };
    {
        const LeaseSweep sweep(
            {.open_store = open, .now = [] { return new_year + 2h; }, .say = say, .interval = 1ms});
        REQUIRE(swept.get_future().wait_for(30s) == std::future_status::ready);
    }

    REQUIRE(said.size() == 2);
    CHECK(says(said[0], "no database"));
    CHECK(opened == 3);
}
