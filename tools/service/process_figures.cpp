#include "tools/service/process_figures.hpp"

#include "tools/service/metrics.hpp"

#include <utility>

namespace service {
namespace {

double seconds(std::int64_t microseconds) {
    return std::chrono::duration<double>(std::chrono::microseconds(microseconds)).count();
}

double seconds_between(model::Timestamp from, model::Timestamp to) {
    return std::chrono::duration<double>(to - from).count();
}

std::vector<ProcessMetric> metrics_of(const ProcessFigures& figures, const Request& request,
                                      const World& world, model::Timestamp now) {
    const auto number = [](const std::atomic<std::uint64_t>& figure) {
        return static_cast<double>(figure.load());
    };
    return {
        {"mirrorwarden_loop_lag_seconds", "How late the thread of all connections was last",
         seconds(figures.loop_lag_us)},
        {"mirrorwarden_database_read_seconds", "How long the last reading of the database took",
         seconds(figures.database_read_us)},
        {"mirrorwarden_database_reads", "Readings of the database since the process began",
         number(figures.database_reads)},
        {"mirrorwarden_jobs", "Answers that are being made or wait for it", number(figures.jobs)},
        {"mirrorwarden_connections", "Connections that are open", number(figures.connections)},
        {"mirrorwarden_cache_bytes", "Answers that are kept for who asks the same",
         number(figures.cache_bytes)},
        {"mirrorwarden_snapshot_age_seconds", "Since the database was last seen to change",
         seconds_between(world.read_at, now)},
        {"mirrorwarden_snapshot_stale_seconds",
         "Since the database does not answer; 0 while it does",
         request.stale_since ? seconds_between(*request.stale_since, now) : 0.0},
    };
}

}  // namespace

void tell_figures(std::vector<Route>& routes, std::shared_ptr<const ProcessFigures> figures) {
    for (Route& route : routes) {
        if (route.pattern == "/metrics") {
            route.read = [figures](const Request& request, const World& world,
                                   model::Timestamp now) {
                return metrics_response(request, world, now,
                                        metrics_of(*figures, request, world, now));
            };
        }
    }
}

}  // namespace service
