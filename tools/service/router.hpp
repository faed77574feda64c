#pragma once

#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// Pure: everything that it may look at comes in. Runs on any thread.
using ReadHandler = std::function<Response(const Request&, const World&, model::Timestamp now)>;
/// Needs the database: a log, or a change. Runs on a worker, one at a time a store.
using StoreHandler =
    std::function<Response(const Request&, const World&, model::Store&, model::Timestamp now)>;

/// One thing that can be asked for.
struct Route {
    std::string method;     // "GET" serves HEAD too
    std::string pattern;    // "/api/v1/mirrors/{name}", "/mirrors/{country}.txt"
    ReadHandler read = {};  // exactly one of the two
    StoreHandler store = {};
};

struct RouteMatch {
    const Route* route = nullptr;  // nullptr: none has the path, or none that method
    std::vector<std::pair<std::string, std::string>> captures;
    std::vector<std::string> allowed_methods;  // of the routes that have the path
};

/// The first route that fits. A `{name}` stands for a part of one segment, at least one
/// character long.
RouteMatch find_route(const std::vector<Route>&, std::string_view method, std::string_view path);

/// Every route of the service: each subject adds its own.
std::vector<Route> all_routes();
void add_health_routes(std::vector<Route>&);  // /healthz, /readyz
void add_api_routes(std::vector<Route>&);     // /api/v1
void add_list_routes(std::vector<Route>&);    // mirrors.txt, masterlist, feeds, badges, metrics
void add_page_routes(std::vector<Route>&);    // pages for people
void add_change_routes(std::vector<Route>&);  // POST, tokens and sessions

}  // namespace service
