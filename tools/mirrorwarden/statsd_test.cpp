#include "tools/mirrorwarden/statsd.hpp"

#include "tools/cmake/catch.hpp"

#include <unistd.h>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

using namespace std::chrono_literals;
using mirrorwarden::parse_statsd_address;
using mirrorwarden::StatsdAddress;

TEST_CASE("a place of a statsd is a host and a port", "[tools][statsd]") {
    const auto [text, host, port, why] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"127.0.0.1:8125", "127.0.0.1", "8125", "IPv4"},
            {"[2001:db8::1]:1", "2001:db8::1", "1", "IPv6 in brackets"},
            {"statsd.example.org:65535", "statsd.example.org", "65535", "a name"},
        }));
    CAPTURE(why);
    CHECK(parse_statsd_address(text) == StatsdAddress{host, port});
}

TEST_CASE("what is no place of a statsd is refused", "[tools][statsd]") {
    const auto [text, why] = GENERATE(table<std::string, std::string>({
        {"", "nothing"},
        {"127.0.0.1", "no port"},
        {":8125", "no host"},
        {"127.0.0.1:", "an empty port"},
        {"127.0.0.1:0", "port 0 is none"},
        {"127.0.0.1:65536", "beyond the last port"},
        {"127.0.0.1:8125x", "more than a port"},
        {"::1:8125", "IPv6 without brackets"},
        {std::string(256, 'a') + ":1", "longer than a name may be"},
    }));
    CAPTURE(why);
    CHECK_FALSE(parse_statsd_address(text).has_value());
}

TEST_CASE("a duration is a timer in milliseconds", "[tools][statsd]") {
    CHECK(mirrorwarden::duration_metric("archive-refresh", 61s) ==
          "mirrorwarden.jobs.archive-refresh:61000|ms");
}

TEST_CASE("a metric arrives as one datagram", "[tools][statsd]") {
    const int receiver = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    REQUIRE(receiver >= 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(receiver, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
    socklen_t size = sizeof place;
    REQUIRE(::getsockname(receiver, reinterpret_cast<sockaddr*>(&place), &size) == 0);

    const auto trouble =
        mirrorwarden::send_metric({"127.0.0.1", std::to_string(ntohs(place.sin_port))}, "a:1|ms");

    CHECK(trouble.empty());
    std::array<char, 64> received{};
    const auto length = ::recv(receiver, received.data(), received.size(), MSG_DONTWAIT);
    CHECK(std::string(received.data(), length < 0 ? 0U : static_cast<std::size_t>(length)) ==
          "a:1|ms");
    ::close(receiver);
}

TEST_CASE("a metric that cannot be sent says why", "[tools][statsd]") {
    // Source: RFC 6761, 6.4: no name below .invalid is ever found.
    CHECK_FALSE(mirrorwarden::send_metric({"statsd.invalid", "8125"}, "a:1|ms").empty());
}
