#include "tools/mirrorwarden/descriptors.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/log_head.hpp"
#include "tools/mirrorwarden/program_log.hpp"
#include "tools/mirrorwarden/serve_options.hpp"
#include "tools/service/http_server.hpp"
#include "tools/service/lease_sweep.hpp"
#include "tools/service/locations.hpp"
#include "tools/service/process_figures.hpp"
#include "tools/service/router.hpp"
#include "tools/service/service_manager.hpp"
#include "tools/service/world.hpp"
#include "tools/service/world_watch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mirrorwarden {
namespace {

service::ServerLimits limits_of(const ServeOptions& options) {
    return {.connections = allowed_connections(options.connections_max, "--max-connections"),
            .connections_per_client = options.connections_per_client_max,
            .header_bytes = options.header_bytes_max,
            .body_bytes = options.body_bytes_max,
            .header_time = options.header_timeout,
            .body_time = options.body_timeout,
            .idle_time = options.idle_timeout,
            .write_time = options.write_timeout,
            .answer_time = std::chrono::seconds(60),
            .stop_time = options.stop_timeout,
            .cache_bytes = options.cache_megabytes << 20U};
}

std::chrono::seconds lease_of(const ServeOptions& options) {
    return std::chrono::seconds{options.lease_seconds};
}

std::vector<service::Route> routes_of(const ServeOptions& options) {
    auto routes = service::all_routes({.say_fault = log_warning,
                                       .changes = {.id_host = host_name(), .read_log = log_head},
                                       .lease = lease_of(options)});
    if (!options.location_database.empty()) {
        service::locate_clients(routes, service::open_location_database(options.location_database));
    }
    return routes;
}

}  // namespace

int run_serve(Environment& environment, const ServeOptions& options) {
    check_places(options.base_path, options.public_url);
    const auto open_store = [&environment] { return environment.open_store(); };
    const auto figures = std::make_shared<service::ProcessFigures>();
    const auto read = [figures](model::Store& store, model::Timestamp when,
                                const service::World* before) {
        const auto began = std::chrono::steady_clock::now();
        auto world = service::read_world(store, when, before);
        figures->database_read_us = std::chrono::duration_cast<std::chrono::microseconds>(
                                        std::chrono::steady_clock::now() - began)
                                        .count();
        ++figures->database_reads;
        return world;
    };
    auto routes = routes_of(options);
    service::tell_figures(routes, figures);
    service::WorldWatch watch(
        {.open_store = open_store, .read = read, .now = now, .say_fault = log_warning});
    std::vector<service::Route> report_routes;
    if (!options.reports_listen.empty()) {
        report_routes = service::take_report_routes(routes);
    }
    service::ServerOptions server_options{.routes = std::move(routes),
                                          .report_routes = std::move(report_routes),
                                          .base_path = options.base_path,
                                          .origin = options.public_url,
                                          .trusted_proxies = options.trusted_proxies,
                                          .limits = limits_of(options),
                                          .open_store = open_store,
                                          .now = now,
                                          .say_request = {},
                                          .say_fault = log_warning,
                                          .figures = figures};
    if (!options.no_access_log) {
        server_options.say_request = log_info;
    }
    service::Listening listening{.addresses = {},
                                 .descriptors = service::take_handed_sockets(),
                                 .report_addresses = options.reports_listen};
    if (listening.descriptors.empty()) {
        listening.addresses = options.listen;
    }
    try {
        service::HttpServer server(std::move(server_options), watch, listening);
        for (const auto& url : server.urls()) {
            print(fmt::format("Serving {}{}/\n", url, options.base_path));
        }
        for (const auto& url : server.report_urls()) {
            print(fmt::format("Taking reports at {}{}/\n", url, options.base_path));
        }
        std::fflush(stdout);
        const service::LeaseSweep sweep({.open_store = open_store,
                                         .now = now,
                                         .say = log_warning,
                                         .interval = service::sweep_interval(lease_of(options))});
        service::tell_service_manager("READY=1");
        server.run([] {
            service::tell_service_manager("STOPPING=1");
            log_info("stopping: finishing what is under way");
        });
    } catch (const std::invalid_argument& error) {
        throw InputError(error.what());
    }
    return exit_status::done;
}

}  // namespace mirrorwarden
