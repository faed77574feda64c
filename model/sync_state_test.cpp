#include "model/sync_state.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace std::chrono_literals;

TEST_CASE("a sync that does not end has died after a day", "[model][sync_state]") {
    const model::Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 10} + 12h};
    const auto [why, sync, expected] =
        GENERATE_COPY(table<std::string, model::MirrorSync, std::string>({
            {"it ended", {noon - 2h, noon - 1h}, "complete"},
            {"it ended long ago", {noon - 1000h, noon - 999h}, "complete"},
            {"it has just begun", {noon, {}}, "under-way"},
            {"its clock is ahead", {noon + 1h, {}}, "under-way"},
            {"nearly a day", {noon - 24h + 1s, {}}, "under-way"},
            {"a day", {noon - 24h, {}}, "never-ended"},
        }));
    CAPTURE(why);

    CHECK(to_string(state_of(sync, noon)) == expected);
}
