#include "tools/service/api_answers.hpp"
#include "tools/service/router.hpp"

namespace service {

void add_api_routes(std::vector<Route>& routes) {
    const auto read = [&](const char* pattern, ReadHandler handler) {
        routes.push_back({.method = "GET", .pattern = pattern, .read = std::move(handler)});
    };
    const auto ask = [&](const char* pattern, StoreHandler handler) {
        routes.push_back({.method = "GET", .pattern = pattern, .store = std::move(handler)});
    };
    read("/api/v1/openapi.json", show_openapi);
    read("/api/v1/distributions", list_distributions);
    read("/api/v1/distributions/{name}", show_distribution);
    read("/api/v1/distributions/{name}/propagation", show_propagation);
    read("/api/v1/mirrors", list_mirrors);
    read("/api/v1/mirrors/{name}", show_mirror);
    read("/api/v1/mirrors/{name}/history", show_history);
    read("/api/v1/mirrors/{name}/events", list_mirror_events);
    ask("/api/v1/mirrors/{name}/probes", list_probes);
    ask("/api/v1/mirrors/{name}/probes/{probe}/log", show_log);
    read("/api/v1/events", list_events);
}

}  // namespace service
