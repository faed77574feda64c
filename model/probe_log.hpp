#pragma once

#include "model/observation.hpp"
#include "model/outcome.hpp"
#include "model/timestamp.hpp"

#include <string>
#include <string_view>

namespace model {

/// One decision in the log of a probe.
struct LogLine {
    Timestamp when;
    Outcome outcome;
    std::string_view url;
    std::string_view final_url;  // empty unless redirected
    std::string_view meaning;    // "row ensured", "row removed: no index", "freshness UP"
};

/// "2026-11-21T05:09:00.123Z  http-status 404  http://…/Packages.gz  row removed: …\n".
/// Milliseconds; columns apart by two blanks; control characters and bytes that are
/// not UTF-8 in what came from outside are percent-encoded, so that a line stays a line.
std::string format_log_line(const LogLine&);

/// A line about the whole probe: "2026-11-21T05:09:00.123Z  TEXT\n".
std::string format_log_remark(Timestamp, std::string_view text);

/// Three remarks about what was found: what is wrong, as everywhere (`describe`), the line
/// for a shell that shows it, and what usually mends it.
std::string format_log_finding(Timestamp, const Finding&);

/// The first `lines` lines of a text.
std::string first_lines(std::string_view text, std::size_t lines);

}  // namespace model
