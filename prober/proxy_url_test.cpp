#include "prober/proxy_url.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using prober::proxy_fault;

TEST_CASE("what libcurl takes for a proxy is one", "[prober][proxy_url]") {
    const std::string proxy =
        GENERATE("http://proxy.example:3128", "http://proxy.example:3128/", "HTTP://127.0.0.1:1",
                 "https://proxy.example", "socks4://127.0.0.1:1080", "socks4a://proxy:1080",
                 "socks5://proxy:1080", "socks5h://proxy:1080", "socks://proxy:1080",
                 "http://user:password@proxy:3128", "http://[::1]:3128", "[::1]:3128",
                 "proxy.example:3128", "127.0.0.1:3128", "proxy", "http://proxy:65535");
    CAPTURE(proxy);

    CHECK(proxy_fault(proxy).empty());
}

TEST_CASE("what is no proxy is refused with how one is written", "[prober][proxy_url]") {
    const auto [why, proxy] = GENERATE(table<std::string, std::string>({
        {"a port of letters", "foo:bar"},
        {"a scheme of no proxy", "gopher://x"},
        {"of mirrors alone", "ftp://x"},
        {"a port that there is not", "http://127.0.0.1:99999"},
        {"the next to the last", "socks5://x:65536"},
        {"port 0", "http://127.0.0.1:0"},
        {"no host", "http://"},
        {"no scheme before the slashes", "://x"},
        {"half an address", "[::1"},
        {"a blank", "http://a b/"},
        {"a blank alone", " "},
        {"empty", ""},
    }));
    CAPTURE(why);

    CHECK(proxy_fault(proxy).find("write http://HOST:PORT") != std::string::npos);
}

TEST_CASE("a refused proxy's password is not shown", "[prober][proxy_url]") {
    const auto fault = proxy_fault("gopher://user:secret@x");

    CHECK_FALSE(fault.empty());
    CHECK(fault.find("secret") == std::string::npos);
}
