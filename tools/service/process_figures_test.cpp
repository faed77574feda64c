#include "tools/service/process_figures.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;

namespace {

constexpr model::Timestamp now{std::chrono::seconds{1'800'000'000}};

std::string metrics_text(const std::vector<service::Route>& routes,
                         const service::Request& request) {
    service::World world;
    world.read_at = now - 90s;
    const auto match = service::find_route(routes, "GET", "/metrics");
    REQUIRE(match.route != nullptr);
    return match.route->read(request, world, now).body;
}

}  // namespace

TEST_CASE("metrics tell how the process stands when they are asked for", "[service][figures]") {
    auto routes = service::all_routes();
    const auto figures = std::make_shared<service::ProcessFigures>();
    service::tell_figures(routes, figures);
    figures->loop_lag_us = 1'500;
    figures->database_read_us = 2'250'000;
    figures->database_reads = 3;
    figures->jobs = 7;
    figures->connections = 11;
    figures->cache_bytes = 4'096;
    service::Request request;

    const auto text = metrics_text(routes, request);

    CHECK(text.find("\nmirrorwarden_loop_lag_seconds 0.0015\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_database_read_seconds 2.25\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_database_reads 3\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_jobs 7\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_connections 11\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_cache_bytes 4096\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_snapshot_age_seconds 90\n") != std::string::npos);
    CHECK(text.find("\nmirrorwarden_snapshot_stale_seconds 0\n") != std::string::npos);
}

TEST_CASE("metrics tell for how long the database has not answered", "[service][figures]") {
    auto routes = service::all_routes();
    service::tell_figures(routes, std::make_shared<service::ProcessFigures>());
    service::Request request;
    request.stale_since = now - 30s;

    CHECK(metrics_text(routes, request).find("\nmirrorwarden_snapshot_stale_seconds 30\n") !=
          std::string::npos);
}
