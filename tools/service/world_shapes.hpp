#pragma once

#include <string_view>
#include <vector>

namespace service {

/// How big the map is that the shapes are drawn on.
inline constexpr int map_width = 2'000;
inline constexpr int map_height = 864;

/// A country of the world map. Source: third_party/world-atlas.
struct CountryShape {
    std::string_view code;  // "DE"; "-": land without one
    int x = 0;              // the middle of its largest part
    int y = 0;
    int size = 0;           // what that measures across, about
    std::string_view path;  // of an SVG; empty: smaller than the map can show
};

/// By code.
const std::vector<CountryShape>& country_shapes();

}  // namespace service
