#include "tools/cmake/catch.hpp"
#include "tools/service/router.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

using namespace service;
using namespace std::chrono_literals;

namespace {

const model::Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

Response ask(const char* path, const Request& request, const World& world) {
    std::vector<Route> routes;
    add_health_routes(routes);
    const auto found = find_route(routes, "GET", path);
    REQUIRE(found.route != nullptr);
    return found.route->read(request, world, noon);
}

}  // namespace

TEST_CASE("the process is well while it answers", "[service][health]") {
    Request request;
    request.stale_since = noon - 1h;

    const auto response = ask("/healthz", request, World{});

    CHECK(response.status == 200);
    CHECK(response.keeping == Keeping::nowhere);
}

TEST_CASE("the service is ready while its database answers", "[service][health]") {
    World world;
    world.read_at = noon - 2h;
    Request request;

    const auto ready = ask("/readyz", request, world);
    request.stale_since = noon - 90s;
    const auto stale = ask("/readyz", request, world);

    CHECK(ready.status == 200);
    CHECK(nlohmann::json::parse(ready.body) == nlohmann::json{{"ready", true},
                                                              {"read_at", "2026-03-01T10:00:00Z"},
                                                              {"stale_since", nullptr},
                                                              {"stale_seconds", 0}});
    CHECK(stale.status == 503);
    CHECK(nlohmann::json::parse(stale.body) ==
          nlohmann::json{{"ready", false},
                         {"read_at", "2026-03-01T10:00:00Z"},
                         {"stale_since", "2026-03-01T11:58:30Z"},
                         {"stale_seconds", 90}});
}
