#pragma once

#include "tools/service/page_plots.hpp"
#include "tools/service/page_template.hpp"

#include <string>
#include <vector>

/// Plots as pages show them: a title, what the line says in words, and the picture.
namespace service {

/// "1.25 s", "3 h 20 min"
std::string plot_seconds_text(double seconds);

/// The greatest value of the line, and never less than `least`.
double plot_top(const std::vector<PlotPoint>& line, double least);

/// `title`, `words` ("newest 2 h, least 1 h, greatest 3 d 4 h") and `plot`.
PageFields plot_fields(Plot, const std::vector<PlotPoint>& line);

}  // namespace service
