#pragma once

#include "model/timestamp.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// "Did job S run on host H within the last M minutes", as Nagios and its kin ask. Pure.
namespace reports {

/// One that should have run, and when it last did.
struct WatchedScript {
    std::string host;
    std::string script;
    std::optional<model::Timestamp> completed = std::nullopt;  // the newest success there

    friend bool operator==(const WatchedScript&, const WatchedScript&) = default;
};

/// A plugin's answer. Source: Monitoring Plugins Development Guidelines, section 2.
struct MonitorAnswer {
    int exit_status = 0;  // 0 OK, 2 CRITICAL, 3 UNKNOWN
    std::string line;     // one, without its end
};

/// Of "HOST:SCRIPT"; an address of IPv6 may have colons of its own. Empty if it is anything else.
std::optional<WatchedScript> parse_watched(const std::string& text);

/// Completed in [now - within, now].
MonitorAnswer judge_scripts(std::span<const WatchedScript>, std::chrono::minutes within,
                            model::Timestamp now);

}  // namespace reports
