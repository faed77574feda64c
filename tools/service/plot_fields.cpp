#include "tools/service/plot_fields.hpp"

#include "model/duration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace service {
namespace {

std::string summary_of(const std::vector<PlotPoint>& line, const Plot& plot) {
    const auto last = std::find_if(line.rbegin(), line.rend(),
                                   [](const PlotPoint& point) { return point.value.has_value(); });
    if (last == line.rend()) {
        return "nothing is known of that time";
    }
    double least = *last->value;
    double most = *last->value;
    for (const PlotPoint& point : line) {
        least = std::min(least, point.value.value_or(least));
        most = std::max(most, point.value.value_or(most));
    }
    return fmt::format("newest {}, least {}, greatest {}", plot.value_text(*last->value),
                       plot.value_text(least), plot.value_text(most));
}

}  // namespace

std::string plot_seconds_text(double seconds) {
    return seconds > 0 && seconds < 60
               ? fmt::format("{:.3g} s", seconds)
               : model::duration_text(std::chrono::seconds{static_cast<std::int64_t>(seconds)});
}

double plot_top(const std::vector<PlotPoint>& line, double least) {
    for (const PlotPoint& point : line) {
        least = std::max(least, point.value.value_or(0));
    }
    return least;
}

PageFields plot_fields(Plot plot, const std::vector<PlotPoint>& line) {
    plot.words = summary_of(line, plot);
    PageFields fields;
    fields.text("title", plot.title).text("words", plot.words);
    fields.markup("plot", plot_svg(plot, {&line, 1}));
    return fields;
}

}  // namespace service
