#include "tools/reports/job_history.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using model::ScriptActivity;
using reports::job_histories;

namespace {

constexpr model::Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 8h;

ScriptActivity run(std::chrono::seconds ago, std::chrono::seconds length = 60s,
                   const std::string& name = "probe") {
    return {
        .name = name, .host = "prober-1", .started = now - ago - length, .completed = now - ago};
}

using Runs = std::vector<ScriptActivity>;

/// Ended so long ago, oldest first.
Runs runs_of(const std::vector<std::chrono::seconds>& agos) {
    Runs runs;
    for (const auto ago : agos) {
        runs.push_back(run(ago));
    }
    return runs;
}

}  // namespace

TEST_CASE("a job is late when its usual pause and a quarter has passed", "[reports][job_history]") {
    using Agos = std::vector<std::chrono::seconds>;
    const auto [agos, is_late, why] = GENERATE(table<Agos, bool, std::string>({
        {{58h, 34h, 10h}, false, "daily, and 10 hours ago"},
        {{78h, 54h, 30h}, false, "daily, and just in time: 24 h and 6 h"},
        {{78h + 1s, 54h + 1s, 30h + 1s}, true, "a second more"},
        {{11min, 9min, 7min}, false, "every 2 minutes: 5 more at least"},
        {{11min + 1s, 9min + 1s, 7min + 1s}, true, "a second more than those"},
        {{300h, 200h}, false, "twice only: nothing is usual yet"},
        {{300h, 290h, 289h, 288h, 100h}, false, "by hand: nothing is usual"},
        {{80h, 60h, 59h, 58h, 57h, 56h, 55h}, true, "one long pause among regular ones"},
    }));
    CAPTURE(why);
    const auto runs = runs_of(agos);

    const auto histories = job_histories(Runs{runs.back()}, runs, now);

    REQUIRE(histories.size() == 1);
    CHECK(histories.front().is_late == is_late);
    CHECK(histories.front().runs == runs);
}

TEST_CASE("what is usual of a job is the middle of its pauses", "[reports][job_history]") {
    const auto runs = runs_of({30h, 29h, 28h, 26h, 25h});

    const auto histories = job_histories(Runs{runs.back()}, runs, now);

    REQUIRE(histories.size() == 1);
    CHECK(histories.front().usual_pause == 1h);
    CHECK(histories.front().expected_by == now - 25h + 75min);
}

TEST_CASE("a job that did not run of late is known by its last run", "[reports][job_history]") {
    const auto histories = job_histories(Runs{run(1'000h)}, {}, now);

    REQUIRE(histories.size() == 1);
    CHECK(histories.front().last == run(1'000h));
    CHECK(histories.front().runs.empty());
    CHECK_FALSE(histories.front().expected_by.has_value());
}

TEST_CASE("one name on two hosts is two jobs, and the late one is first",
          "[reports][job_history]") {
    auto recent = runs_of({12h, 11h, 10h});
    for (const auto ago : {3h, 2h, 1h}) {
        recent.push_back(run(ago));
        recent.back().host = "prober-0";
    }

    const auto histories = job_histories(Runs{recent[5], recent[2]}, recent, now);

    REQUIRE(histories.size() == 2);
    CHECK(histories[0].last.host == "prober-1");
    CHECK(histories[0].is_late);
    CHECK(histories[1].last.host == "prober-0");
    CHECK_FALSE(histories[1].is_late);
}

TEST_CASE("of many runs the longest of each share are left", "[reports][job_history]") {
    const Runs runs = {run(6h, 1s), run(5h, 9s), run(4h, 2s), run(3h, 3s), run(2h, 1s)};

    CHECK(reports::longest_runs(runs, 2) == Runs{runs[1], runs[3]});
    CHECK(reports::longest_runs(runs, 5) == runs);
}
