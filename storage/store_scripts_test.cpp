#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::ScriptActivity;

namespace {

ScriptActivity run(const std::string& name, const std::string& host, model::Timestamp started,
                   std::chrono::seconds took) {
    return {.name = name, .host = host, .started = started, .completed = started + took};
}

}  // namespace

TEST_CASE("each successful run of a job is kept", "[storage][scripts]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto first = run("probe", "a", new_year, 5s);
    const auto second = run("probe", "a", new_year + 1us, 5s);
    const auto other = run("ftpsync", "b", new_year - 1h, 2h);
    {
        const auto store = database->open();
        CHECK(store->script_activities({}).empty());
        for (const auto& activity : {second, other, first}) {
            store->record_script(activity);
        }
    }

    const auto store = database->open();
    CHECK(store->script_activities({}) == std::vector{first, second, other});
    CHECK(store->script_activities(new_year + 5s + 1us) == std::vector{second, other});
    CHECK(store->script_activities(new_year + 2h).empty());
}

TEST_CASE("the last of a job and host is the one that was completed last", "[storage][scripts]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    CHECK(store->last_script_activities().empty());
    const auto long_one = run("probe", "a", new_year, 10h);
    const auto short_one = run("probe", "a", new_year + 1h, 1h);
    const auto elsewhere = run("probe", "b", new_year, 1s);
    const auto another = run("archive", "b", new_year, 1s);

    for (const auto& activity : {long_one, short_one, elsewhere, another}) {
        store->record_script(activity);
    }

    CHECK(store->last_script_activities() == std::vector{another, long_one, elsewhere});
}

TEST_CASE("the last activity of a job is the one with the greatest start, wherever it ran",
          "[storage][scripts]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto long_one = run("probe", "a", new_year, 10h);
    const auto late = run("probe", "b", new_year + 1h, 1s);
    const auto other = run("other", "b", new_year + 2h, 1s);

    for (const auto& activity : {late, long_one, other}) {
        store->record_script(activity);
    }

    CHECK(store->last_script_activity("probe") == late);
    CHECK(store->last_script_activity("other") == other);
    CHECK(store->last_script_activity("nothing") == std::nullopt);
}

TEST_CASE("of a job and host the newest ten thousand runs stay", "[storage][scripts]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto record = [&](const std::string& host, model::Timestamp when) {
        store->record_script(run("probe", host, when, 1s));
    };
    record("a", new_year);
    record("b", new_year);
    {
        const auto connection = database->connect();
        storage::Transaction transaction{*connection, storage::Access::write};
        connection->execute("UPDATE script SET runs = 9999 WHERE host = 'a'");
        transaction.commit();
    }

    record("a", new_year + 1h);
    CHECK(store->script_activities({}).size() == 3);
    record("a", new_year + 2h);

    CHECK(store->script_activities({}) == std::vector{run("probe", "b", new_year, 1s),
                                                      run("probe", "a", new_year + 1h, 1s),
                                                      run("probe", "a", new_year + 2h, 1s)});
}

TEST_CASE("jobs are in the same order whatever the database's collation", "[storage][scripts]") {
    const auto backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    const auto store = database->open();
    if (backend == "postgresql") {
        // As most servers outside of tests have it: capital letters and marks come second.
        const auto below = database->connect();
        storage::Transaction transaction{*below, storage::Access::write};
        below->execute_script(
            "ALTER TABLE script ALTER name TYPE TEXT COLLATE \"en-x-icu\", "
            "ALTER host TYPE TEXT COLLATE \"en-x-icu\"");
        transaction.commit();
    }
    const std::vector jobs = {run("Zebra", "b", new_year, 1s), run("a-b", "B", new_year, 1s),
                              run("a-b", "a", new_year, 1s), run("aa", "a", new_year, 1s)};

    for (const auto& job : jobs) {
        store->record_script(job);
    }

    CHECK(store->last_script_activities() == jobs);
    CHECK(store->script_activities({}) == jobs);
    CHECK(store->last_script_activity("a-b") == jobs[1]);
}
