#include "tools/service/router.hpp"

#include "tools/service/doorkeeper.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace service {
namespace {

using Captures = std::vector<std::pair<std::string, std::string>>;

std::string_view take_segment(std::string_view& path) noexcept {
    path.remove_prefix(1);
    const auto segment = path.substr(0, std::min(path.find('/'), path.size()));
    path.remove_prefix(segment.size());
    return segment;
}

/// "{country}.txt": what stands before, the name, what stands after.
bool match_segment(std::string_view pattern, std::string_view segment, Captures& captures) {
    const auto open = pattern.find('{');
    if (open == std::string_view::npos) {
        return pattern == segment;
    }
    const auto close = pattern.find('}', open);
    const auto before = pattern.substr(0, open);
    const auto after = pattern.substr(close + 1);
    if (segment.size() <= before.size() + after.size() || !segment.starts_with(before) ||
        !segment.ends_with(after)) {
        return false;
    }
    captures.emplace_back(
        pattern.substr(open + 1, close - open - 1),
        segment.substr(before.size(), segment.size() - before.size() - after.size()));
    return true;
}

std::optional<Captures> match(std::string_view pattern, std::string_view path) {
    Captures captures;
    while (!pattern.empty() && !path.empty()) {
        const auto part = take_segment(pattern);
        const auto segment = take_segment(path);
        if (!match_segment(part, segment, captures)) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) {
        return std::nullopt;
    }
    return captures;
}

void add_method(std::vector<std::string>& methods, const std::string& method) {
    if (std::ranges::find(methods, method) == methods.end()) {
        methods.push_back(method);
    }
}

}  // namespace

RouteMatch find_route(const std::vector<Route>& routes, std::string_view method,
                      std::string_view path) {
    RouteMatch found;
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    for (const Route& route : routes) {
        auto captures = match(route.pattern, path);
        if (!captures) {
            continue;
        }
        add_method(found.allowed_methods, route.method);
        if (route.method == "GET") {
            add_method(found.allowed_methods, "HEAD");
        }
        if (found.route == nullptr && route.method == wanted) {
            found.route = &route;
            found.captures = std::move(*captures);
        }
    }
    return found;
}

std::vector<Route> all_routes(const RouteSettings& settings) {
    const auto door = std::make_shared<Doorkeeper>(settings.say_fault);
    std::vector<Route> routes;
    add_health_routes(routes);
    add_api_routes(routes);
    add_list_routes(routes);
    add_change_routes(routes, *door, settings.changes);
    add_report_routes(routes, *door, settings.lease);
    add_login_routes(routes, *door);
    add_admin_routes(routes, *door, settings.changes);
    add_job_routes(routes, *door);
    add_page_routes(routes, *door);  // last: they have room for everything
    return routes;
}

std::vector<Route> take_report_routes(std::vector<Route>& routes) {
    std::vector<Route> reports;
    std::ranges::copy_if(routes, std::back_inserter(reports),
                         [](const Route& route) { return route.place != Route::Place::site; });
    std::erase_if(routes, [](const Route& route) { return route.place == Route::Place::reports; });
    return reports;
}

}  // namespace service
