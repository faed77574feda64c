#include "prober/proxy_choice.hpp"

#include "prober/testing/environment_variable.hpp"
#include "tools/cmake/catch.hpp"

#include <string>

using prober::is_proxied;
using prober::ProxyWishes;

TEST_CASE("a proxy is asked for URLs of its scheme", "[prober][proxy_choice]") {
    const ProxyWishes http{.http = "http://proxy.example:3128"};
    CHECK(is_proxied(http, "http://mirror.example.org/x"));
    CHECK_FALSE(is_proxied(http, "https://mirror.example.org/x"));
    CHECK_FALSE(is_proxied(http, "ftp://mirror.example.org/x"));

    const ProxyWishes https{.https = "http://proxy.example:3128"};
    CHECK(is_proxied(https, "https://mirror.example.org/x"));
    CHECK_FALSE(is_proxied(https, "http://mirror.example.org/x"));

    const ProxyWishes ftp{.ftp = "http://proxy.example:3128"};
    CHECK(is_proxied(ftp, "ftp://mirror.example.org/x"));
    CHECK_FALSE(is_proxied(ftp, "http://mirror.example.org/x"));

    CHECK_FALSE(is_proxied({}, "http://mirror.example.org/x"));
}

TEST_CASE("some proxies are asked for all URLs", "[prober][proxy_choice]") {
    const auto scheme = GENERATE(as<std::string>{}, "http", "https", "ftp");
    CHECK(is_proxied({.for_all_schemes = "socks5://proxy.example"},
                     scheme + "://mirror.example.org/x"));
    CHECK(is_proxied({.others = "socks5://proxy.example"}, scheme + "://mirror.example.org/x"));
}

TEST_CASE("exempt hosts are asked directly", "[prober][proxy_choice]") {
    const auto [exempts, host, expected] = GENERATE(table<std::string, std::string, bool>({
        {"", "mirror.example.org", true},
        {"*", "mirror.example.org", false},
        {"example.org", "mirror.example.org", false},
        {"example.org", "example.org", false},
        {".example.org", "mirror.example.org", false},
        {"EXAMPLE.org", "Mirror.Example.ORG", false},
        {"example.org", "badexample.org", true},
        {"mirror.example.org", "example.org", true},
        {"a.example, b.example", "b.example", false},
        {"a.example b.example", "b.example", false},
        {" ,, ", "b.example", true},
        {".", "b.example", true},
        {"example.org.", "mirror.example.org", false},
        {"192.0.2.7", "192.0.2.7", false},
        {"192.0.2.7", "192.0.2.77", true},
        {"2.7", "192.0.2.7", true},
        {"192.0.2.0/24", "192.0.2.7", false},
        {"192.0.2.9/24", "192.0.2.7", false},
        {"192.0.2.0/24", "192.0.3.7", true},
        {"192.0.2.0/99", "192.0.2.7", true},
        {"2001:db8::/32", "2001:db8::7", false},
        {"2001:db8::/32", "2001:db9::7", true},
        {"2001:db8::7", "2001:0db8::0007", false},
        {"192.0.2.0/24", "2001:db8::7", true},
        {"2001:db8::/32", "192.0.2.7", true},
    }));
    CAPTURE(exempts, host);
    const bool is_ipv6 = host.find(':') != std::string::npos;
    const auto url = "http://" + (is_ipv6 ? "[" + host + "]" : host) + ":8080/x";
    const ProxyWishes wishes{.http = "http://proxy.example:3128", .exempts = exempts};
    CHECK(is_proxied(wishes, url) == expected);
    const ProxyWishes option{.for_all_schemes = "http://proxy.example", .exempts = exempts};
    CHECK(is_proxied(option, url) == expected);
}

TEST_CASE("the environment names proxies as libcurl reads them", "[prober][proxy_choice]") {
    using prober::testing::EnvironmentVariable;
    const EnvironmentVariable capitals("HTTP_PROXY", "http://evil.example");
    CHECK_FALSE(is_proxy_configured(prober::read_proxy_wishes("")));
    CHECK(is_proxy_configured(prober::read_proxy_wishes("http://proxy.example")));

    const EnvironmentVariable https("HTTPS_PROXY", "http://proxy.example");
    const EnvironmentVariable exempts("NO_PROXY", "example.org");
    const auto wishes = prober::read_proxy_wishes("");
    CHECK(is_proxy_configured(wishes));
    CHECK(wishes.https == "http://proxy.example");
    CHECK(wishes.exempts == "example.org");
    CHECK(wishes.http.empty());
}
