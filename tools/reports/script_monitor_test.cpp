#include "tools/reports/script_monitor.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using reports::judge_scripts;
using reports::WatchedScript;

namespace {

constexpr model::Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 8h;

WatchedScript ran(const std::string& script, std::optional<model::Timestamp> completed) {
    return {.host = "prober-1", .script = script, .completed = completed};
}

}  // namespace

TEST_CASE("what ran within the time is as expected", "[reports][script_monitor]") {
    const auto [completed, exit_status, why] =
        GENERATE(table<std::optional<model::Timestamp>, int, std::string>({
            {now, 0, "this moment"},
            {now - 60min, 0, "the earliest that counts"},
            {now - 60min - 1us, 2, "just before it"},
            {now + 1s, 2, "a time that has not come"},
            {std::nullopt, 2, "never"},
        }));
    CAPTURE(why);
    const std::vector<WatchedScript> scripts = {ran("probe", completed)};
    CHECK(judge_scripts(scripts, 60min, now).exit_status == exit_status);
}

TEST_CASE("the one line names who did not run, and when it last did", "[reports][script_monitor]") {
    const std::vector<WatchedScript> scripts = {ran("probe", now - 1min), ran("pull", now - 48h),
                                                ran("outbox", std::nullopt)};
    CHECK(judge_scripts(scripts, 60min, now).line ==
          "Did not run within 60 minutes: prober-1:pull (last seen 2026-11-19T08:00:00Z), "
          "prober-1:outbox (last seen never)");
    CHECK(judge_scripts(std::vector{scripts.front()}, 60min, now).line ==
          "All scripts ran as expected");
}

TEST_CASE("a watched job is a host and a script", "[reports][script_monitor]") {
    const auto plain = reports::parse_watched("prober-1:probe");
    REQUIRE(plain);
    CHECK(*plain == WatchedScript{.host = "prober-1", .script = "probe"});
    const auto address = reports::parse_watched("2001:db8::1:probe");
    REQUIRE(address);
    CHECK(address->host == "2001:db8::1");

    const std::string wrong = GENERATE("", "probe", ":probe", "prober-1:", "a:b\n");
    CAPTURE(wrong);
    CHECK_FALSE(reports::parse_watched(wrong));
}
