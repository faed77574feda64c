#include "tools/service/world_watch.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <atomic>
#include <chrono>
#include <semaphore>
#include <string>

using namespace service;
using namespace std::chrono_literals;
using storage::testing::acceptance_catalog;
using storage::testing::foo;

namespace {

const model::Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

/// A database, and a world of it that is only numbered.
class Watched {
public:
    Watched() {
        auto store = database_->open();
        storage::testing::load(*store, acceptance_catalog());
    }

    WorldWatch::Sources sources() {
        return {.open_store =
                    [this] {
                        if (is_gone) {
                            throw model::StorageError("gone");
                        }
                        return database_->open();
                    },
                .read =
                    [this](model::Store& store, model::Timestamp now, const World* before) {
                        if (is_gone) {
                            throw model::StorageError("gone");
                        }
                        World world;
                        world.version = before == nullptr ? 1 : before->version + 1;
                        world.read_at = now;
                        world.distributions = store.distributions();
                        return std::make_shared<const World>(std::move(world));
                    },
                .now = [] { return noon; },
                .say_fault = [this](std::string_view text) { said += std::string(text) + "\n"; }};
    }
    void change() {
        const auto store = database_->open();
        const bool is_off = store->disable_mirror("valid-mirror", foo, {}).has_value();
        if (!is_off) {
            REQUIRE(store->enable_mirror("valid-mirror", foo, {}).has_value());
        }
    }

    std::atomic<bool> is_gone = false;
    std::string said;  // by the watch's thread, read when it is over

private:
    std::unique_ptr<storage::testing::EmptyDatabase> database_ =
        storage::testing::make_database("sqlite");
};

}  // namespace

TEST_CASE("a watch begins with a world, and reads it again after a change",
          "[service][world_watch]") {
    Watched watched;
    std::counting_semaphore<> changes{0};
    WorldWatch watch{watched.sources()};
    const auto first = watch.view();
    watch.start([&] { changes.release(); });

    watched.change();

    REQUIRE(changes.try_acquire_for(20s));
    CHECK(first.world->version == 1);
    CHECK(watch.view().world->version == 2);
    CHECK_FALSE(watch.view().stale_since.has_value());
}

TEST_CASE("a watch without a database cannot begin", "[service][world_watch]") {
    Watched watched;
    watched.is_gone = true;

    CHECK_THROWS_AS(WorldWatch{watched.sources()}, model::StorageError);
}

TEST_CASE("while the database is gone the last world stays, and its age is known",
          "[service][world_watch]") {
    Watched watched;
    std::counting_semaphore<> changes{0};
    WorldWatch watch{watched.sources()};
    watch.start([&] { changes.release(); });
    watched.is_gone = true;
    watched.change();
    REQUIRE(changes.try_acquire_for(20s));
    const auto stale = watch.view();

    watched.is_gone = false;

    REQUIRE(changes.try_acquire_for(20s));
    CHECK(stale.stale_since == noon);
    CHECK(stale.world->version == 1);
    CHECK_FALSE(watch.view().stale_since.has_value());
    CHECK(watch.view().world->version == 2);
    watch.stop();
    CHECK(watched.said.starts_with("gone; showing what was read at 2026-03-01T12:00:00Z"));
    CHECK(watched.said.find("the database answers again") != std::string::npos);
}
