#pragma once

#include "model/bucket.hpp"
#include "model/freshness.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace service {

/// What somebody writes below /etc/apt to use a mirror.
struct AptLines {
    std::vector<std::string> all_series;  // that the mirror has, newest first
    std::string series;                   // of what follows; empty: there is none
    std::string one_line_style;           // for sources.list; a line for each suite
    std::string deb822_style;             // for sources.list.d/NAME.sources
};

/// For the series of that name, or the newest where the mirror has none of it. Rows in bucket
/// order. Sources are named where the mirror has them. Source: sources.list(5).
AptLines apt_lines(const model::Mirror&, const std::vector<model::ContentRow>&,
                   std::string_view series);

}  // namespace service
