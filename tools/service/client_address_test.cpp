#include "tools/service/client_address.hpp"

#include "tools/cmake/catch.hpp"

#include <stdexcept>

using namespace service;

TEST_CASE("a proxy's word counts where the proxy is trusted", "[service][client_address]") {
    const std::vector<Network> trusted = {Network::parse("127.0.0.1"), Network::parse("10.0.0.0/8"),
                                          Network::parse("2001:db8::/32")};
    const auto [peer, forwarded, client, why] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"192.0.2.7", "", "192.0.2.7", "nobody stands between"},
            {"192.0.2.7", "198.51.100.1", "192.0.2.7", "a stranger's own word"},
            {"127.0.0.1", "198.51.100.1", "198.51.100.1", "a proxy's word"},
            {"127.0.0.1", "", "127.0.0.1", "the proxy asks for itself"},
            {"127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1", "before that stands a lie"},
            {"127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1", "two proxies"},
            {"127.0.0.1", " 198.51.100.1 ,10.1.2.3 ", "198.51.100.1", "blanks"},
            {"127.0.0.1", "2001:db8::1", "2001:db8::1", "a proxy of IPv6 alone"},
            {"2001:db8::9", "2001:db9::1", "2001:db9::1", "IPv6"},
            {"127.0.0.1", "unknown", "127.0.0.1", "no address: the last that is known"},
            {"127.0.0.1", "198.51.100.1:80", "127.0.0.1", "no address, since it has a port"},
            {"::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1", "IPv4 by an IPv6 socket"},
            {"::ffff:192.0.2.7", "", "192.0.2.7", "the same, a stranger"},
        }));
    INFO(why);

    CHECK(client_address(asio::ip::make_address(peer), forwarded, trusted).to_string() == client);
}

TEST_CASE("a network holds the addresses that begin as it does", "[service][client_address]") {
    const auto [network, address, inside] = GENERATE(table<std::string, std::string, bool>({
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "8.8.8.8", false},
        {"::1", "::1", true},
        {"::1", "::2", false},
    }));
    INFO(network << " " << address);

    CHECK(Network::parse(network).contains(asio::ip::make_address(address)) == inside);
}

TEST_CASE("what is no network is refused", "[service][client_address]") {
    for (const char* wrong : {"", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                              "::1/129", "localhost", "/8"}) {
        INFO(wrong);
        CHECK_THROWS_AS(Network::parse(wrong), std::invalid_argument);
    }
}

TEST_CASE("half an IPv6 address is one client", "[service][client_address]") {
    const auto key = [](const char* address) {
        return client_key(asio::ip::make_address(address));
    };

    CHECK(key("2001:db8::1") == key("2001:db8::ffff:1"));
    CHECK(key("2001:db8::1") != key("2001:db8:0:1::1"));
    CHECK(key("192.0.2.7") != key("192.0.2.8"));
    CHECK(key("::ffff:192.0.2.7") == key("192.0.2.7"));
}
