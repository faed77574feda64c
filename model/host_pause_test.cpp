#include "model/host_pause.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace std::chrono_literals;
using model::PauseDecision;
using model::PauseStep;

TEST_CASE("a host that asks for time gets it, within bounds", "[model][host_pause]") {
    using Wait = std::optional<std::chrono::seconds>;
    static constexpr auto none = std::nullopt;
    const auto [status, retry_after, paused, expected, why] =
        GENERATE(table<int, Wait, std::chrono::milliseconds, PauseDecision, std::string>({
            {429, 10s, 0ms, {PauseStep::wait, 10s}, "as long as it says"},
            {503, 10s, 0ms, {PauseStep::wait, 10s}, "out of service, for so long"},
            {503, none, 0ms, {PauseStep::carry_on, 0ms}, "out of service: an answer like others"},
            {429, none, 0ms, {PauseStep::wait, 5s}, "it does not say how long"},
            {429, 0s, 0ms, {PauseStep::wait, 1s}, "at once would be asking for ever"},
            {429, 60s, 0ms, {PauseStep::wait, 60s}, "just the bound"},
            {429, 61s, 0ms, {PauseStep::come_later, 0ms}, "longer than a run waits"},
            {429, 10s, 50s, {PauseStep::wait, 10s}, "all that is left"},
            {429, 10s, 50'001ms, {PauseStep::come_later, 0ms}, "more than is left"},
            {404, 10s, 0ms, {PauseStep::carry_on, 0ms}, "means nothing with a 404"},
            {200, none, 0ms, {PauseStep::carry_on, 0ms}, "all is well"},
        }));
    CAPTURE(why);

    CHECK(model::decide_pause({status, retry_after, paused, 60s}) == expected);
}
