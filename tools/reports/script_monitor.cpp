#include "tools/reports/script_monitor.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

namespace reports {

std::optional<WatchedScript> parse_watched(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size() ||
        !model::is_plain_text(text, model::Lines::one)) {
        return std::nullopt;
    }
    return WatchedScript{.host = text.substr(0, colon), .script = text.substr(colon + 1)};
}

MonitorAnswer judge_scripts(std::span<const WatchedScript> scripts, std::chrono::minutes within,
                            model::Timestamp now) {
    std::string late;
    for (const auto& script : scripts) {
        const auto& completed = script.completed;
        if (completed && *completed >= now - within && *completed <= now) {
            continue;
        }
        late +=
            fmt::format("{}{}:{} (last seen {})", late.empty() ? "" : ", ", script.host,
                        script.script, completed ? model::format_timestamp(*completed) : "never");
    }
    if (late.empty()) {
        return {.exit_status = 0, .line = "All scripts ran as expected"};
    }
    return {.exit_status = 2,
            .line = fmt::format("Did not run within {} minutes: {}", within.count(), late)};
}

}  // namespace reports
