#include "tools/service/page_plots.hpp"

#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace service {
namespace {

using Days = std::chrono::sys_days;

constexpr int plot_width = 640;
constexpr int plot_height = 140;
constexpr int left_margin = 84;  // "1 h 21 min"
constexpr int right_margin = 8;
constexpr int top_margin = 10;
constexpr int bottom_margin = 22;
constexpr std::size_t words_max = 1'000;

DayState state_of(const HistoryPoint& point) {
    using model::Freshness;
    if (point.suspect) {
        return DayState::none;
    }
    const bool is_broken = point.integrity && *point.integrity != model::Integrity::whole &&
                           *point.integrity != model::Integrity::syncing &&
                           *point.integrity != model::Integrity::unknown;
    if (point.verdict == model::ProbeVerdict::failed || is_broken ||
        point.freshness == Freshness::one_week_behind) {
        return DayState::bad;
    }
    if (point.freshness == Freshness::one_day_behind ||
        point.freshness == Freshness::two_days_behind) {
        return DayState::caution;
    }
    return point.freshness == Freshness::unknown && point.found == 0 ? DayState::none
                                                                     : DayState::good;
}

std::string day_text(Days day) {
    return model::format_timestamp(day).substr(0, 10);
}

struct Form {
    std::string_view letter;  // of the class
    int top;
};

Form form_of(DayState state) {
    switch (state) {
    case DayState::good: return {"g", 0};
    case DayState::caution: return {"c", 3};
    case DayState::bad: return {"b", 6};
    case DayState::none: break;
    }
    return {"n", 9};
}

std::string axis_text(const Plot& plot) {
    std::string svg;
    for (const int part : {0, 1, 2}) {
        const double y = top_margin + plot_height - plot_height * part / 2.0;
        svg += fmt::format(
            "<path class=\"grid\" d=\"M{0} {1:.5g}h{2}\"/><text x=\"{3}\" y=\"{4:.5g}\" "
            "text-anchor=\"end\">{5}</text>",
            left_margin, y, plot_width, left_margin - 6, y + 4,
            xml_text(plot.value_text(plot.most * part / 2), 40));
    }
    // Words at the ends stay below the plot: beside it is another label, or nothing.
    constexpr std::array<std::string_view, 3> anchors = {"start", "middle", "end"};
    for (const std::size_t place : {0U, 1U, 2U}) {
        const auto part = static_cast<int>(place);
        const auto when = plot.begin + (plot.end - plot.begin) * part / 2;
        svg += fmt::format(R"(<text x="{}" y="{}" text-anchor="{}">{}</text>)",
                           left_margin + plot_width * part / 2, top_margin + plot_height + 16,
                           anchors[place], xml_text(plot.time_text(when), 40));
    }
    return svg;
}

}  // namespace

std::string_view to_string(DayState state) noexcept {
    switch (state) {
    case DayState::good: return "less than a day behind";
    case DayState::caution: return "a day or more behind";
    case DayState::bad: return "failed or broken";
    case DayState::none: break;
    }
    return "not probed";
}

std::vector<DayState> day_states(std::span<const HistoryPoint> history, model::Timestamp now) {
    const Days first =
        std::chrono::floor<std::chrono::days>(now) - std::chrono::days{days_shown - 1};
    std::vector<DayState> states(days_shown, DayState::none);
    for (auto point = history.rbegin(); point != history.rend() && point->started >= first;
         ++point) {
        const auto day = (std::chrono::floor<std::chrono::days>(point->started) - first).count();
        if (day < days_shown) {
            auto& state = states[static_cast<std::size_t>(day)];
            state = std::max(state, state_of(*point));
        }
    }
    return states;
}

std::string days_svg(std::span<const DayState> states, model::Timestamp now) {
    const auto count = static_cast<int>(states.size());
    const Days first = std::chrono::floor<std::chrono::days>(now) - std::chrono::days{count - 1};
    const auto days_of = [&](DayState state) { return std::ranges::count(states, state); };
    std::string svg =
        fmt::format(R"(<svg class="days" viewBox="0 0 {} 10" role="img" aria-label=")", count * 6);
    std::string_view comma;
    for (const auto state : {DayState::good, DayState::caution, DayState::bad, DayState::none}) {
        if (days_of(state) > 0) {
            svg += fmt::format("{}{} d {}", comma, days_of(state), to_string(state));
            comma = ", ";
        }
    }
    svg += "\">";
    for (int begin = 0; begin < count;) {
        const DayState state = states[static_cast<std::size_t>(begin)];
        int end = begin;
        while (end < count && states[static_cast<std::size_t>(end)] == state) {
            ++end;
        }
        const Form form = form_of(state);
        const std::string last =
            end - begin == 1 ? "" : " to " + day_text(first + std::chrono::days{end - 1});
        svg += fmt::format(
            "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}{}: "
            "{}</title></rect>",
            form.letter, begin * 6, form.top, (end - begin) * 6 - 1, 10 - form.top,
            day_text(first + std::chrono::days{begin}), last, to_string(state));
        begin = end;
    }
    return svg + "</svg>";
}

std::string plot_path(const Plot& plot, std::span<const PlotPoint> points, int width, int height) {
    const auto length = static_cast<double>((plot.end - plot.begin).count());
    std::string path;
    bool is_drawing = false;
    for (const PlotPoint& point : points) {
        if (!point.value) {
            is_drawing = false;
            continue;
        }
        const auto since = static_cast<double>((point.when - plot.begin).count());
        const double x = std::clamp(since / length, 0.0, 1.0) * width;
        const double y = height - std::clamp(*point.value / plot.most, 0.0, 1.0) * height;
        if (!is_drawing) {
            // With a line to nowhere, so that a point alone is seen.
            path += fmt::format("M{:.4g} {:.4g}h0", x, y);
        } else if (plot.has_steps) {
            path += fmt::format("H{:.4g}V{:.4g}", x, y);
        } else {
            path += fmt::format("L{:.4g} {:.4g}", x, y);
        }
        is_drawing = true;
    }
    if (is_drawing && plot.has_steps) {
        path += fmt::format("H{}", width);
    }
    return path;
}

std::string plot_svg(const Plot& plot, std::span<const std::vector<PlotPoint>> lines) {
    std::string svg = fmt::format(
        R"(<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">)",
        left_margin + plot_width + right_margin, top_margin + plot_height + bottom_margin,
        xml_text(plot.title, words_max), xml_text(plot.words, words_max));
    svg += axis_text(plot);
    svg += fmt::format("<g transform=\"translate({} {})\">", left_margin, top_margin);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        svg += fmt::format(R"(<path class="line{}" d="{}"/>)", i,
                           plot_path(plot, lines[i], plot_width, plot_height));
    }
    return svg + "</g></svg>";
}

}  // namespace service
