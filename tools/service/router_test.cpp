#include "tools/service/router.hpp"

#include "model/mirror_url.hpp"
#include "model/reserved_name.hpp"
#include "tools/cmake/catch.hpp"

using namespace service;
using Pairs = std::vector<std::pair<std::string, std::string>>;

namespace {

const std::vector<Route> routes = {
    {.method = "GET", .pattern = "/"},
    {.method = "GET", .pattern = "/mirrors/new"},
    {.method = "GET", .pattern = "/mirrors/{name}"},
    {.method = "POST", .pattern = "/mirrors/{name}"},
    {.method = "GET", .pattern = "/mirrors/{name}/probes/{id}"},
    {.method = "GET", .pattern = "/lists/{country}.txt"},
    {.method = "GET", .pattern = "/badge/mirror-{name}.svg"},
};

}  // namespace

TEST_CASE("a route is found by path and method", "[service][router]") {
    const auto [method, path, pattern, captures, why] =
        GENERATE(table<std::string, std::string, std::string, Pairs, std::string>({
            {"GET", "/", "/", {}, "the root"},
            {"HEAD", "/", "/", {}, "GET serves HEAD"},
            {"GET", "/mirrors/new", "/mirrors/new", {}, "the first that fits"},
            {"GET", "/mirrors/a", "/mirrors/{name}", {{"name", "a"}}, "a capture"},
            {"POST", "/mirrors/new", "/mirrors/{name}", {{"name", "new"}}, "of that method"},
            {"GET",
             "/mirrors/a/probes/7",
             "/mirrors/{name}/probes/{id}",
             {{"name", "a"}, {"id", "7"}},
             "two captures"},
            {"GET", "/lists/BR.txt", "/lists/{country}.txt", {{"country", "BR"}}, "an ending"},
            {"GET",
             "/badge/mirror-a.b.svg",
             "/badge/mirror-{name}.svg",
             {{"name", "a.b"}},
             "a beginning and an ending"},
            {"GET", "/lists/.txt", "", {}, "nothing for a capture"},
            {"GET", "/mirrors/", "", {}, "an empty segment"},
            {"GET", "/mirrors", "", {}, "too short"},
            {"GET", "/mirrors/a/b", "", {}, "too long: a capture is one segment"},
            {"GET", "/badge/mirror-.svg", "", {}, "nothing between"},
            {"GET", "/nothing", "", {}, "none has the path"},
            {"PUT", "/mirrors/a", "", {}, "none has the method"},
        }));
    INFO(why << ": " << path);

    const auto found = find_route(routes, method, path);

    REQUIRE((found.route != nullptr) == !pattern.empty());
    CHECK((found.route == nullptr ? std::string() : found.route->pattern) == pattern);
    CHECK(found.captures == captures);
}

TEST_CASE("no distribution can have the name of a path of ours", "[service][router]") {
    for (const Route& route : all_routes()) {
        const auto first = route.pattern.substr(1, route.pattern.find('/', 1) - 1);
        CAPTURE(route.pattern, first);
        const bool could_be_a_name = model::is_valid_name(first);
        CHECK((!could_be_a_name || model::is_reserved_name(first)));
    }
}

TEST_CASE("the methods of a path are known where none fits", "[service][router]") {
    using Methods = std::vector<std::string>;

    CHECK(find_route(routes, "DELETE", "/mirrors/new").allowed_methods ==
          Methods{"GET", "HEAD", "POST"});
    CHECK(find_route(routes, "DELETE", "/nothing").allowed_methods.empty());
}

TEST_CASE("who asks about many mirrors costs the database nothing", "[service][router]") {
    const auto all = service::all_routes();
    const std::string path = GENERATE(
        "/", "/debian", "/debian/mirrors", "/debian/countries", "/debian/disabled", "/compare",
        "/api/v1/mirrors", "/api/v1/events", "/api/v1/distributions", "/metrics", "/feeds/all.atom",
        "/debian/mirrors.txt", "/debian/mirrorlist", "/debian/mirrors/status/json");
    CAPTURE(path);

    const auto match = service::find_route(all, "GET", path);

    REQUIRE(match.route != nullptr);
    // What is given no store can ask none.
    CHECK(match.route->read);
    CHECK_FALSE(match.route->store);
}
