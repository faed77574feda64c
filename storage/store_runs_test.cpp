#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::RunOutcome;

TEST_CASE("a run says how far it is, and how it ended", "[storage][runs]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    CHECK(store->runs(10).empty());

    const auto id = store->begin_run("prober.example.org", new_year, 450);
    CHECK(store->runs(10) == std::vector{model::RunRecord{.id = id,
                                                          .host = "prober.example.org",
                                                          .started = new_year,
                                                          .seen = new_year,
                                                          .mirrors = 450,
                                                          .probed = 0}});
    store->run_goes_on(id, new_year + 5s, 312);
    REQUIRE(store->runs(10).size() == 1);
    CHECK(store->runs(10)[0].seen == new_year + 5s);
    CHECK(store->runs(10)[0].probed == 312);
    CHECK_FALSE(store->runs(10)[0].finished.has_value());
    store->end_run(id, new_year + 9s, 449, RunOutcome::unfinished);
    store->run_goes_on(id, new_year + 10s, 1);  // it has ended

    const auto ended = store->runs(10)[0];
    CHECK(ended.finished == new_year + 9s);
    CHECK(ended.probed == 449);
    CHECK(ended.outcome == RunOutcome::unfinished);
}

TEST_CASE("a run that never ended is lost when the next begins", "[storage][runs]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto lost = store->begin_run("a", new_year, 5);
    store->run_goes_on(lost, new_year + 3s, 2);

    store->begin_run("b", new_year + 1h, 7);

    const auto runs = store->runs(10);
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].host == "b");  // the newest first
    CHECK(runs[1].outcome == RunOutcome::lost);
    CHECK(runs[1].finished == new_year + 3s);
    CHECK(store->runs(1).size() == 1);
}
