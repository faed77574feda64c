#pragma once

#include "tools/service/world.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Pictures as SVG in the page: without styles of their own, and each with its words.
namespace service {

/// How a mirror was on one day: the worst of its probes.
enum class DayState {
    none,     // no probe, or one that says nothing
    good,     // less than a day behind
    caution,  // a day or more behind
    bad,      // failed, broken, or a week behind
};
std::string_view to_string(DayState) noexcept;  // "a day or more behind"

inline constexpr int days_shown = 14;

/// Of the days (UTC) up to the one of `now`, oldest first; `days_shown` of them.
std::vector<DayState> day_states(std::span<const HistoryPoint>, model::Timestamp now);

/// A bar, one unit a day; days of one state that follow each other are one piece of it. The
/// worse, the lower: colour is not all that tells them apart.
std::string days_svg(std::span<const DayState>, model::Timestamp now);

struct PlotPoint {
    model::Timestamp when;
    std::optional<double> value;  // empty: a gap
};

struct Plot {
    std::string title;       // "Lag"
    std::string words;       // what it shows, for who does not see it
    model::Timestamp begin;  // before `end`
    model::Timestamp end;
    double most = 0;  // the top of the vertical axis; above 0
    std::function<std::string(double)> value_text;
    std::function<std::string(model::Timestamp)> time_text;
    bool has_steps = false;  // a value holds until the next
};

/// "M0 100L50 20M80 10": x from 0 to `width`, y from `height` (0) to 0 (`Plot::most`). A point
/// between two gaps is a dot.
std::string plot_path(const Plot&, std::span<const PlotPoint>, int width, int height);

/// Each line in turn with class "line0", "line1".
std::string plot_svg(const Plot&, std::span<const std::vector<PlotPoint>> lines);

}  // namespace service
