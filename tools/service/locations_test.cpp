#include "tools/service/locations.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/service/testing/hand_made_world.hpp"

#include <stdexcept>
#include <string>

using namespace service::testing;

namespace {

/// Where the test's clients are.
std::optional<std::string> locate(const std::string& address) {
    if (address == "192.0.2.1") {
        return "DE";
    }
    return address == "2001:db8::1" ? std::optional<std::string>("FR") : std::nullopt;
}

service::Response ask(const std::string& path, const std::string& from,
                      const service::Locate& where) {
    static const auto world = hand_made_world();
    auto routes = service::all_routes();
    service::locate_clients(routes, where);
    const auto match = service::find_route(routes, "GET", path);
    REQUIRE(match.route != nullptr);
    service::Request request;
    request.method = "GET";
    request.path = path;
    request.query = {{"from", from}};
    request.captures = match.captures;
    return match.route->read(request, *world, {});
}

}  // namespace

TEST_CASE("mirrors.txt begins near who asks: the country, the continent, the freshest",
          "[service][locations]") {
    const std::string near = "https://near.example.org/debian/\n";
    const std::string late = "http://late.example.org/debian/\n";
    const std::string hostile = "http://hostile.example.org/debian/\n";
    const std::string far = "http://far.example.org/debian/\n";
    const auto [why, from, expected] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {"Germany has three", "192.0.2.1", near + late + hostile + far},
        {"France has none, and is near Germany", "2001:db8::1", near + late + hostile + far},
        {"nobody knows where", "192.0.2.99", far + near + late + hostile},
    }));
    CAPTURE(why);

    CHECK(ask("/debian/mirrors.txt", from, locate).body == expected);
}

TEST_CASE("apt asks near mirrors first, and takes no stale indexes for that",
          "[service][locations]") {
    CHECK(ask("/debian/mirrorlist", "192.0.2.1", locate).body ==
          "https://near.example.org/debian/\tpriority:1\n"
          "http://late.example.org/debian/\tpriority:5 type:deb\n"
          "http://hostile.example.org/debian/\tpriority:6 type:deb\n"
          "http://far.example.org/debian/\tpriority:21 type:deb arch:all arch:amd64\n"
          "http://primary.example.org/debian/\tpriority:39\n");
}

TEST_CASE("what is no address, or cannot be looked up, is said", "[service][locations]") {
    const auto no_address = ask("/debian/mirrors.txt", "here", locate);
    CHECK(no_address.status == 400);
    CHECK(no_address.body.find("an IPv4 or IPv6 address") != std::string::npos);

    const auto no_database = ask("/debian/mirrorlist", "192.0.2.1", {});
    CHECK(no_database.status == 400);
    CHECK(no_database.body.find("--location-database") != std::string::npos);
}

TEST_CASE("a file that is no location database is named", "[service][locations]") {
    std::string told;
    try {
        service::open_location_database("/nowhere/countries.mmdb");
    } catch (const std::runtime_error& error) {
        told = error.what();
    }
    CHECK(told.find("/nowhere/countries.mmdb") != std::string::npos);
}
