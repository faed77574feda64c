#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <thread>

using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

/// Never waited for where all is well.
constexpr auto patience = 20s;

}  // namespace

TEST_CASE("the first wait for a change is over at once", "[storage][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();

    CHECK(store->wait_for_change(patience));
    CHECK_FALSE(store->wait_for_change(0ms));
}

TEST_CASE("whoever waits hears of a change, whoever made it", "[storage][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto other = database->open();
    store->wait_for_change(0ms);

    SECTION("another store, before the wait") {
        REQUIRE(other->disable_mirror("valid-mirror", foo, {}).has_value());
        CHECK(store->wait_for_change(patience));
    }
    SECTION("another store, in the middle of it") {
        std::thread writer{[&] { other->keep_validators("ubuntu", "warty", {}); }};
        CHECK(store->wait_for_change(patience));
        writer.join();
    }
    SECTION("the store itself") {
        REQUIRE(store->disable_mirror("valid-mirror", foo, {}).has_value());
        CHECK(store->wait_for_change(patience));
    }
    SECTION("between two readings of the store") {
        store->mirrors({});
        REQUIRE(other->disable_mirror("valid-mirror", foo, {}).has_value());
        store->mirrors({});
        CHECK(store->wait_for_change(patience));
    }
    SECTION("a commit that does not wait for the disk") {
        const auto mirror = store->mirror("valid-mirror")->state.id;
        const auto result = probe_result(mirror, new_year, {{warty_i386(), {}}});
        other->record_probes({&result, 1});
        CHECK(store->wait_for_change(patience));
    }
    CHECK_FALSE(store->wait_for_change(0ms));
}

TEST_CASE("what only reads, or is refused, is no change", "[storage][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto other = database->open();
    store->wait_for_change(0ms);

    other->mirrors({});
    REQUIRE(other->disable_mirror("nobody", foo, {}).has_error());

    CHECK_FALSE(store->wait_for_change(200ms));
}
