#pragma once

#include "tools/workers/report.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace workers {

/// What one run has still to tell, in its order.
struct SpooledRun {
    std::string service;  // its URL: to no other is this sent
    std::vector<Report> reports;

    friend bool operator==(const SpooledRun&, const SpooledRun&) = default;
};

inline constexpr std::size_t spool_text_bytes_max = 1 << 20;

/// A spool file: JSON, a line each: `{"spool": 1, "service": "https://…"}`, then the reports as
/// they are sent late, `{"path": …, "body": {…}, "about": …}`, then `{"end": true}`.
std::string print_spool(const SpooledRun&);

/// Empty if it is anything else, or was cut off.
std::optional<SpooledRun> parse_spool(std::string_view text);

}  // namespace workers
