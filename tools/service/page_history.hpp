#pragma once

#include "tools/service/page_template.hpp"
#include "tools/service/world.hpp"

#include <optional>
#include <string_view>

namespace service {

/// How far back plots show.
enum class HistorySpan { day, fortnight, year };
std::optional<HistorySpan> parse_history_span(std::string_view) noexcept;  // "fortnight"

/// For part_history.html: plots of lag, duration and completeness over that time, and the newest
/// probes with their logs.
void add_history(PageFields&, const MirrorFacts&, HistorySpan, model::Timestamp now);

}  // namespace service
