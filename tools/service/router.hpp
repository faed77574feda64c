#pragma once

#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

#include <chrono>
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
    /// Where, when reports of workers have listeners of their own.
    enum class Place { site, reports, both };

    std::string method;   // "GET" serves HEAD too
    std::string pattern;  // "/api/v1/mirrors/{name}", "/mirrors/{country}.txt"
    /// One of the two. Where there are both, `store` answers who shows a session or a token, and
    /// `read` all others, and where the database does not answer.
    ReadHandler read = {};
    StoreHandler store = {};
    Place place = Place::site;
};

struct RouteMatch {
    const Route* route = nullptr;  // nullptr: none has the path, or none that method
    std::vector<std::pair<std::string, std::string>> captures;
    std::vector<std::string> allowed_methods;  // of the routes that have the path
};

/// The first route that fits. A `{name}` stands for a part of one segment, at least one
/// character long.
RouteMatch find_route(const std::vector<Route>&, std::string_view method, std::string_view path);

class Doorkeeper;

/// What changes need to know that is not in a request.
struct ChangeSettings {
    std::string id_host = "localhost";  // right side of the Message-ID of mails
    /// The first lines of a probe's log, for mails; may be empty.
    std::function<std::string(model::Store&, model::ProbeId)> read_log = {};
};

/// What routes need to know that is not in a request.
struct RouteSettings {
    /// Told of each log-in that failed; may be empty.
    std::function<void(std::string_view)> say_fault = {};
    ChangeSettings changes = {};
    std::chrono::seconds lease = model::default_lease;  // how long a worker may be silent
};

/// Every route of the service: each subject adds its own.
std::vector<Route> all_routes(const RouteSettings& = {});
/// Takes away what is for reports alone. Returns that, and what is for both.
std::vector<Route> take_report_routes(std::vector<Route>&);
void add_health_routes(std::vector<Route>&);  // /healthz, /readyz
void add_api_routes(std::vector<Route>&);     // /api/v1
void add_list_routes(std::vector<Route>&);    // mirrors.txt, masterlist, feeds, badges, metrics
void add_job_routes(std::vector<Route>&, Doorkeeper&);                           // jobs
void add_page_routes(std::vector<Route>&, Doorkeeper&);                          // pages for people
void add_admin_routes(std::vector<Route>&, Doorkeeper&, const ChangeSettings&);  // /admin
void add_change_routes(std::vector<Route>&, Doorkeeper&, const ChangeSettings&);  // POST
void add_login_routes(std::vector<Route>&, Doorkeeper&);                          // /login, /logout
/// /xmlrpc, /api/v1/branches, /api/v1/script-activity, and of mirrors /mirror-sync-…
void add_report_routes(std::vector<Route>&, Doorkeeper&, std::chrono::seconds lease);

}  // namespace service
