#include "tools/service/world.hpp"

#include "storage/sql_store.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/interrupted_database.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Freshness;
using service::find_mirror;
using service::read_world;

namespace {

model::ProbeResult observed(model::MirrorId mirror, model::Timestamp started,
                            std::vector<model::ContentRow> rows) {
    auto result = probe_result(mirror, started, std::move(rows));
    result.record.finished = started + 1'500ms;
    model::SuiteState suite;
    suite.suite = "warty";
    suite.integrity = model::Integrity::torn;
    suite.lag = model::Lag{.behind = 2h};
    suite.validators.emplace();
    suite.turns.emplace();
    result.observation.suites = {suite};
    return result;
}

}  // namespace

TEST_CASE("the world has what the database has of each mirror", "[service][world]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const std::vector<model::ContentRow> rows = {{warty_i386(), Freshness::up},
                                                 {warty_source(), Freshness::one_day_behind}};
    auto result = observed(id, new_year, rows);
    result.images = {{"warty", "ubuntu"}};
    const auto probe = store->record_probe(result);
    model::SnapshotUpdate update;
    update.distribution = "ubuntu";
    update.snapshot.suite = "warty";
    update.snapshot.date = new_year;
    REQUIRE(store->record_snapshot(update).has_value());
    update.snapshot.date = new_year + 1h;
    update.snapshot.text_sha256.bytes[0] = 1;
    REQUIRE(store->record_snapshot(update).has_value());

    const auto world = read_world(*store, new_year + 24h, nullptr);

    CHECK(world->version == 1);
    CHECK(world->read_at == new_year + 24h);
    REQUIRE(world->mirrors.size() == 4);
    CHECK(world->mirrors[0]->mirror.mirror.name == "archive-404-mirror");
    REQUIRE(service::find_distribution(*world, "ubuntu") != nullptr);
    CHECK(service::find_distribution(*world, "debian") == nullptr);
    CHECK(find_mirror(*world, "valid-mirro") == nullptr);
    CHECK(find_mirror(*world, "zzz") == nullptr);
    const auto* const facts = find_mirror(*world, "valid-mirror");
    REQUIRE(facts != nullptr);
    CHECK(facts->last_probe->id == probe);
    CHECK(content_rows(*world, *facts) == store->rows(id));
    CHECK(facts->freshness == model::mirror_freshness(rows));
    CHECK(facts->images == result.images);
    REQUIRE(facts->observation.suites.size() == 1);
    CHECK(facts->observation.suites[0].integrity == model::Integrity::torn);
    CHECK_FALSE(facts->observation.suites[0].validators.has_value());
    CHECK_FALSE(facts->observation.suites[0].turns.has_value());
    REQUIRE(facts->history.size() == 1);
    CHECK(facts->history[0].probe == probe);
    CHECK(facts->history[0].duration == 1'500ms);
    CHECK(facts->history[0].freshness == Freshness::one_day_behind);
    CHECK(facts->history[0].lag->behind == 2h);
    CHECK(facts->history[0].integrity == model::Integrity::torn);
    REQUIRE(facts->events.size() == 1);
    CHECK(facts->events[0].what == "added");
    const auto& snapshots = world->snapshots.at("ubuntu").at("warty");
    REQUIRE(snapshots.size() == 2);
    CHECK(snapshots[0].date == new_year + 1h);
}

TEST_CASE("a world without a change has the same version and shares its mirrors",
          "[service][world]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    store->record_probe(observed(id, new_year, {{warty_i386(), Freshness::up}}));
    const auto before = read_world(*store, new_year + 1h, nullptr);

    const auto after = read_world(*store, new_year + 2h, before.get());

    CHECK(after->version == before->version);
    CHECK(after->read_at == new_year + 2h);
    CHECK(after->mirrors == before->mirrors);
}

TEST_CASE("only what changed is read again, and it is as if all was", "[service][world]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    store->record_probe(observed(id, new_year, {{warty_i386(), Freshness::up}}));
    store->record_probe(observed(other, new_year, {{warty_i386(), Freshness::up}}));
    const auto before = read_world(*store, new_year + 1h, nullptr);
    bool other_changes = false;

    SECTION("a probe with other rows") {
        store->record_probe(
            observed(id, new_year + 2h, {{warty_source(), Freshness::two_days_behind}}));
    }
    SECTION("a probe is decided, and suspect") {
        auto result = observed(id, new_year + 2h, {});
        result.record.decided = false;
        model::Decision decision;
        decision.mirror = id;
        decision.probe = store->record_probe(result);
        decision.suspect = true;
        const auto between = read_world(*store, new_year + 3h, before.get());
        CHECK_FALSE(find_mirror(*between, "valid-mirror")->history.back().suspect);
        store->apply(std::vector{decision}, foo);
        const auto last = read_world(*store, new_year + 3h, between.get());
        CHECK(last->version > between->version);
        CHECK(find_mirror(*last, "valid-mirror")->history.back().suspect);
    }
    SECTION("an admin disables it") {
        REQUIRE(store->disable_mirror("valid-mirror", {"root", new_year, "moves"}, {}).has_value());
    }
    SECTION("it is edited") {
        auto mirror = store->mirror("valid-mirror")->mirror;
        mirror.country = "BR";
        REQUIRE(store->update_mirror(mirror, foo).has_value());
    }
    SECTION("its owner's script says that it is being synced") {
        REQUIRE(store->mirror_sync_started("valid-mirror", foo).has_value());
    }
    SECTION("the catalogue has another series") {
        auto ubuntu = store->distribution("ubuntu").value();
        ubuntu.series.insert(ubuntu.series.begin(), {.name = "zesty",
                                                     .version = "99",
                                                     .components = {"main"},
                                                     .architectures = {"amd64"},
                                                     .unofficial_architectures = {},
                                                     .images = {}});
        REQUIRE(store->load_catalog({.distributions = {ubuntu}, .mirrors = {}}, foo).has_value());
        other_changes = true;
    }

    const auto after = read_world(*store, new_year + 3h, before.get());

    CHECK(after->version > before->version);
    const auto fresh = read_world(*store, new_year + 3h, nullptr);
    const auto* const facts = find_mirror(*after, "valid-mirror");
    const auto* const read = find_mirror(*fresh, "valid-mirror");
    CHECK(facts != find_mirror(*before, "valid-mirror"));
    CHECK(facts->mirror == read->mirror);
    CHECK(facts->last_probe == read->last_probe);
    CHECK(facts->sync == read->sync);
    CHECK(facts->rows == read->rows);
    CHECK(facts->freshness == read->freshness);
    CHECK(facts->events == read->events);
    CHECK(to_json(facts->observation) == to_json(read->observation));
    REQUIRE(facts->history.size() == read->history.size());
    CHECK(facts->history.back().probe == read->history.back().probe);
    CHECK(content_rows(*after, *find_mirror(*after, "archive-404-mirror")) == store->rows(other));
    CHECK((find_mirror(*after, "archive-404-mirror") !=
           find_mirror(*before, "archive-404-mirror")) == other_changes);
}

TEST_CASE("a mirror that comes is there, and one that goes is not", "[service][world]") {
    const auto database = make_database("sqlite");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto before = read_world(*store, new_year, nullptr);
    REQUIRE(store->add_mirror(foobarmirror(), true, foo).has_value());
    REQUIRE(store->delete_mirror("valid-mirror").has_value());

    const auto after = read_world(*store, new_year, before.get());

    CHECK(after->version > before->version);
    CHECK(find_mirror(*after, "foobarmirror") != nullptr);
    CHECK(find_mirror(*after, "valid-mirror") == nullptr);
    CHECK(find_mirror(*before, "valid-mirror") != nullptr);
}

TEST_CASE("history is of a year and a day, by time", "[service][world]") {
    const auto database = make_database("sqlite");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    store->record_probe(observed(id, new_year - 366 * 24h - 1us, {}));
    store->record_probe(observed(id, new_year, {}));
    store->record_probe(observed(id, new_year - 1h, {}));
    const auto before = read_world(*store, new_year, nullptr);
    store->record_probe(observed(id, new_year - 366 * 24h, {}));

    const auto after = read_world(*store, new_year, before.get());

    const auto& history = find_mirror(*after, "valid-mirror")->history;
    REQUIRE(history.size() == 3);
    CHECK(history[0].started == new_year - 366 * 24h);
    CHECK(history[1].started == new_year - 1h);
    CHECK(history[2].started == new_year);
}

TEST_CASE("the newest hundred snapshots of a suite are kept", "[service][world]") {
    const auto database = make_database("sqlite");
    const auto store = database->open();
    load(*store, acceptance_catalog());
    model::SnapshotUpdate update;
    update.distribution = "ubuntu";
    update.snapshot.suite = "warty";
    const auto record = [&](int number) {
        update.snapshot.date = new_year + std::chrono::hours{number};
        update.snapshot.text_sha256.bytes[0] = static_cast<std::uint8_t>(number);
        REQUIRE(store->record_snapshot(update).has_value());
    };
    for (int i = 0; i < 230; ++i) {
        record(i);
    }
    const auto before = read_world(*store, new_year, nullptr);
    record(230);

    const auto after = read_world(*store, new_year, before.get());

    CHECK(after->version > before->version);
    const auto& snapshots = after->snapshots.at("ubuntu").at("warty");
    REQUIRE(snapshots.size() == 100);
    CHECK(snapshots.front().date == new_year + 230h);
    CHECK(snapshots.back().date == new_year + 131h);
}

TEST_CASE("whoever sees a change's line of the audit trail sees the change", "[service][world]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    // After which of a reading's transactions the mirror is disabled.
    const int when = GENERATE(range(1, 10));
    CAPTURE(when);
    int transactions = 0;
    bool is_awake = false;
    storage::SqlStore reader(std::make_unique<InterruptedDatabase>(database->connect(), [&] {
        if (is_awake && ++transactions == when) {
            REQUIRE(
                store->disable_mirror("valid-mirror", {"carol", new_year, "x"}, {}).has_value());
        }
    }));
    const auto before = read_world(reader, new_year, nullptr);
    is_awake = true;

    const auto world = read_world(reader, new_year, before.get());

    REQUIRE(transactions >= when);
    const bool is_said = world->marks.change > before->marks.change;
    const bool is_enabled = find_mirror(*world, "valid-mirror")->mirror.state.enabled;
    CHECK((!is_said || !is_enabled));
    is_awake = false;
    const auto next = read_world(reader, new_year, world.get());
    CHECK_FALSE(find_mirror(*next, "valid-mirror")->mirror.state.enabled);
    CHECK(find_mirror(*next, "valid-mirror")->events.back().what == "disabled");
}
