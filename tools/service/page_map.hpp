#pragma once

#include "tools/service/country_summary.hpp"
#include "tools/service/request.hpp"

#include <span>
#include <string>

namespace service {

/// The world as SVG: land filled by the best mirror of its country, with a sign for the worst; each
/// country that has mirrors leads to them. Colours are not all that tells states apart: fills
/// have patterns, and signs have forms. Empty where no country of the map has a mirror.
std::string map_svg(std::span<const CountrySummary>, const Request&, const model::Distribution&,
                    model::Timestamp now);

/// What fills and signs mean, with the words of the states.
std::string map_legend();

}  // namespace service
