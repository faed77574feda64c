#pragma once

#include "tools/service/router.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace service {

/// What the process says of itself. Each figure is written by one thread and read by any.
struct ProcessFigures {
    using Microseconds = std::atomic<std::int64_t>;

    Microseconds loop_lag_us{0};       // how late the loop was when it last looked
    Microseconds database_read_us{0};  // how long the last reading of the database took
    std::atomic<std::uint64_t> database_reads{0};
    std::atomic<std::uint64_t> jobs{0};         // handlers that wait or run
    std::atomic<std::uint64_t> connections{0};  // that are open
    std::atomic<std::uint64_t> cache_bytes{0};  // of ready responses
};

/// Has /metrics tell these figures too.
void tell_figures(std::vector<Route>&, std::shared_ptr<const ProcessFigures>);

}  // namespace service
