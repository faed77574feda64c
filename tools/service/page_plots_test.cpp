#include "tools/service/page_plots.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;
using namespace std::chrono_literals;

namespace {

const model::Timestamp noon = model::parse_timestamp("2026-01-14T12:00:00Z").value();

HistoryPoint point(std::chrono::hours ago, model::Freshness freshness,
                   model::ProbeVerdict verdict = model::ProbeVerdict::passed) {
    HistoryPoint one;
    one.started = noon - ago;
    one.freshness = freshness;
    one.verdict = verdict;
    one.found = 1;
    return one;
}

Plot plot_of_ten_seconds(bool has_steps = false) {
    return {.title = "Lag",
            .words = "of <b>",
            .begin = noon,
            .end = noon + 10s,
            .most = 100,
            .value_text = [](double) { return std::string{"<v>"}; },
            .time_text = [](model::Timestamp) { return std::string{"<t>"}; },
            .has_steps = has_steps};
}

}  // namespace

TEST_CASE("a day is as its worst probe was", "[service][plots]") {
    using model::Freshness;
    const std::vector<HistoryPoint> history = {
        point(14 * 24h, Freshness::one_week_behind),  // before the first day
        point(13 * 24h, Freshness::six_hours_behind),
        point(48h, Freshness::up, model::ProbeVerdict::failed),
        point(47h, Freshness::up),
        point(12h, Freshness::two_days_behind),  // today, at 0:00
        point(1h, Freshness::up)};

    const auto states = day_states(history, noon);

    REQUIRE(states.size() == 14);
    CHECK(states[0] == DayState::good);
    CHECK(states[1] == DayState::none);
    CHECK(states[11] == DayState::bad);
    CHECK(states[12] == DayState::none);
    CHECK(states[13] == DayState::caution);
}

TEST_CASE("what the prober doubts is no day's state", "[service][plots]") {
    auto doubted = point(1h, model::Freshness::one_week_behind);
    doubted.suspect = true;
    CHECK(day_states(std::vector{doubted}, noon)[13] == DayState::none);
}

TEST_CASE("a suite that apt refuses makes a day bad, one in a sync does not", "[service][plots]") {
    auto [integrity, expected] = GENERATE(table<model::Integrity, DayState>({
        {model::Integrity::whole, DayState::good},
        {model::Integrity::syncing, DayState::good},
        {model::Integrity::unknown, DayState::good},
        {model::Integrity::torn, DayState::bad},
        {model::Integrity::expired, DayState::bad},
        {model::Integrity::missing, DayState::bad},
    }));
    auto one = point(1h, model::Freshness::up);
    one.integrity = integrity;
    CHECK(day_states(std::vector{one}, noon)[13] == expected);
}

TEST_CASE("days of one state are one piece of the bar", "[service][plots]") {
    const std::vector states = {DayState::good, DayState::good, DayState::bad};

    CHECK(days_svg(states, noon) ==
          "<svg class=\"days\" viewBox=\"0 0 18 10\" role=\"img\" "
          "aria-label=\"2 d less than a day behind, 1 d failed or broken\">"
          "<rect class=\"g\" x=\"0\" y=\"0\" width=\"11\" height=\"10\">"
          "<title>2026-01-12 to 2026-01-13: less than a day behind</title></rect>"
          "<rect class=\"b\" x=\"12\" y=\"6\" width=\"5\" height=\"4\">"
          "<title>2026-01-14: failed or broken</title></rect></svg>");
}

TEST_CASE("a plot's line goes from the left to the right and stays inside", "[service][plots]") {
    using Points = std::vector<PlotPoint>;
    auto [why, points, has_steps,
          expected] = GENERATE(table<std::string, Points, bool, std::string>({
        {"nothing", {}, false, ""},
        {"a line", {{noon, 0.0}, {noon + 5s, 50.0}}, false, "M0 100h0L100 50"},
        {"a gap", {{noon, 0.0}, {noon + 1s, {}}, {noon + 10s, 100.0}}, false, "M0 100h0M200 0h0"},
        {"too high and too early", {{noon - 1s, 900.0}}, false, "M0 0h0"},
        {"steps", {{noon, 0.0}, {noon + 5s, 50.0}}, true, "M0 100h0H100V50H200"},
    }));
    CAPTURE(why);
    CHECK(plot_path(plot_of_ten_seconds(has_steps), points, 200, 100) == expected);
}

TEST_CASE("a plot has words and escapes them", "[service][plots]") {
    const std::vector<std::vector<PlotPoint>> lines = {{{noon, 0.0}}};

    const auto svg = plot_svg(plot_of_ten_seconds(), lines);

    CHECK(svg.find("aria-label=\"Lag: of &lt;b&gt;\"") != std::string::npos);
    CHECK(svg.find("&lt;v&gt;</text>") != std::string::npos);
    CHECK(svg.find("<b>") == std::string::npos);
    CHECK(svg.find("style=") == std::string::npos);
}
