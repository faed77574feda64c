#include "prober/url_origin.hpp"

#include "tools/cmake/catch.hpp"

TEST_CASE("an origin is what comes before the path", "[prober][url_origin]") {
    const auto [url, scheme, host, port, is_address, why] =
        GENERATE(table<std::string, std::string, std::string, int, bool, std::string>({
            {"http://a.example/x", "http", "a.example", 80, false, "http's own port"},
            {"https://a.example/x", "https", "a.example", 443, false, "https's own port"},
            {"ftp://a.example/x", "ftp", "a.example", 21, false, "ftp's own port"},
            {"HTTP://a.example:8080/x:1", "http", "a.example", 8080, false, "a port"},
            {"http://a.example:/x", "http", "a.example", 80, false, "an empty port"},
            {"http://a.example?x", "http", "a.example", 80, false, "no path"},
            {"http://10.0.0.1/x", "http", "10.0.0.1", 80, true, "IPv4"},
            {"http://[2001:db8::1]:81/x", "http", "2001:db8::1", 81, true, "IPv6 with a port"},
            {"http://[::1]/x", "http", "::1", 80, true, "IPv6"},
        }));
    CAPTURE(url, why);

    const auto origin = prober::parse_origin(url);

    REQUIRE(origin.has_value());
    CHECK(origin->scheme == scheme);
    CHECK(origin->host == host);
    CHECK(origin->port == port);
    CHECK(origin->is_address == is_address);
    CHECK(url.substr(origin->length).find("://") == std::string::npos);
}

TEST_CASE("a text that cannot be asked has no origin", "[prober][url_origin]") {
    const auto* const url = GENERATE(
        "", "/x", "a.example/x", "gopher://a.example/", "http://", "http:///x", "http://:80/x",
        "http://a.example:0/", "http://a.example:65536/", "http://a.example:http/", "http://[::1/");
    CAPTURE(url);

    CHECK_FALSE(prober::parse_origin(url).has_value());
}

TEST_CASE("a target goes to the server as it is, or is left to libcurl", "[prober][url_origin]") {
    const auto [url, target, why] = GENERATE(table<std::string, std::string, std::string>({
        {"http://a.example/dists/a/Release", "/dists/a/Release", "a path"},
        {"https://user@[::1]:81/a%20b?c=d/e", "/a%20b?c=d/e", "an origin with everything, a query"},
        {"http://a.example/", "/", "no more than the root"},
        {"http://a.example", "", "no path"},
        {"http://a.example?x", "", "a query without a path"},
        {"ftp://a.example/x", "", "ftp has no request line"},
        {"HTTP://a.example/x", "", "a scheme that nobody writes like that"},
        {"http://a.example/x#y", "", "a fragment is not for the server"},
        {"http://a.example/a/../b", "", "a path to resolve"},
        {"http://a.example/a b", "", "a blank would end the target"},
        {"http://a.example/a\r\nX: y", "", "a line break would add a header"},
        {"http://a.example/\xc3\xa9", "", "beyond ASCII"},
        {"http://a.example/\x7f", "", "a control character"},
    }));
    CAPTURE(url, why);

    const auto begin = prober::find_verbatim_target(url);

    CHECK(begin.has_value() == !target.empty());
    CHECK((begin ? url.substr(*begin) : "") == target);
}
