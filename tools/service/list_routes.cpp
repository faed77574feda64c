#include "tools/service/list_answers.hpp"
#include "tools/service/metrics.hpp"
#include "tools/service/router.hpp"

namespace service {
namespace {

using LocatedHandler = Response (*)(const Request&, const World&, const Locate&);

ReadHandler located(LocatedHandler handler, const Locate& locate) {
    return [handler, locate](const Request& request, const World& world, model::Timestamp) {
        return handler(request, world, locate);
    };
}

}  // namespace

void locate_clients(std::vector<Route>& routes, const Locate& locate) {
    for (Route& route : routes) {
        if (route.pattern == "/mirrors.txt" || route.pattern == "/{distribution}/mirrors.txt") {
            route.read = located(mirrors_text, locate);
        } else if (route.pattern == "/mirrorlist" ||
                   route.pattern == "/{distribution}/mirrorlist") {
            route.read = located(apt_mirrorlist, locate);
        }
    }
}

void add_list_routes(std::vector<Route>& routes) {
    const auto read = [&](const char* pattern, ReadHandler handler) {
        routes.push_back({.method = "GET", .pattern = pattern, .read = std::move(handler)});
    };
    read("/metrics", metrics);
    read("/feeds/all.atom", feed_of_all);
    read("/feeds/distribution/{name}.atom", feed_of_distribution);
    read("/feeds/country/{country}.atom", feed_of_country);
    read("/feeds/mirror/{name}.atom", feed_of_mirror);
    read("/badge/{name}.svg", badge);
    // As the only distribution has them, and as each has them.
    read("/mirrors.txt", located(mirrors_text, {}));
    read("/{distribution}/mirrors.txt", located(mirrors_text, {}));
    read("/mirrors.csv", mirrors_csv);
    read("/{distribution}/mirrors.csv", mirrors_csv);
    read("/mirrors/{country}.txt", country_text);
    read("/{distribution}/mirrors/{country}.txt", country_text);
    read("/mirrorlist", located(apt_mirrorlist, {}));
    read("/{distribution}/mirrorlist", located(apt_mirrorlist, {}));
    read("/metalink", metalink);
    read("/{distribution}/metalink", metalink);
    read("/mirrors/status/json", archweb_status);
    read("/{distribution}/mirrors/status/json", archweb_status);
    read("/mirmon.state", mirmon_state);
    read("/{distribution}/mirmon.state", mirmon_state);
    read("/Mirrors.masterlist", debian_masterlist);
    read("/{distribution}/Mirrors.masterlist", debian_masterlist);
}

}  // namespace service
