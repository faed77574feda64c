#include "tools/service/router.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

namespace service {
namespace {

Response health(const Request&, const World&, model::Timestamp) {
    Response response;
    response.body = "ok\n";
    response.keeping = Keeping::nowhere;
    return response;
}

Response readiness(const Request& request, const World& world, model::Timestamp now) {
    const auto stale =
        request.stale_since
            ? std::chrono::duration_cast<std::chrono::seconds>(now - *request.stale_since)
            : std::chrono::seconds{0};
    const nlohmann::ordered_json json = {
        {"ready", !request.stale_since.has_value()},
        {"read_at", model::format_timestamp(world.read_at)},
        {"stale_since", request.stale_since
                            ? nlohmann::ordered_json(model::format_timestamp(*request.stale_since))
                            : nlohmann::ordered_json()},
        {"stale_seconds", stale.count()},
    };
    Response response = json_response(json.dump(2) + "\n");
    response.status = request.stale_since ? 503 : 200;
    response.keeping = Keeping::nowhere;
    return response;
}

}  // namespace

void add_health_routes(std::vector<Route>& routes) {
    routes.push_back(
        {.method = "GET", .pattern = "/healthz", .read = health, .place = Route::Place::both});
    routes.push_back(
        {.method = "GET", .pattern = "/readyz", .read = readiness, .place = Route::Place::both});
}

}  // namespace service
