#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mirrorwarden {

/// Where a statsd listens.
struct StatsdAddress {
    std::string host;  // a name or an address, without brackets
    std::string port;  // 1 to 65535

    friend bool operator==(const StatsdAddress&, const StatsdAddress&) = default;
};

/// Of "127.0.0.1:8125", "[::1]:8125", "statsd.example.org:8125"; empty if it is anything else.
std::optional<StatsdAddress> parse_statsd_address(const std::string&);

/// What is wrong with "HOST:PORT", for people.
inline constexpr std::string_view statsd_address_fault =
    "write a host and a port, such as 127.0.0.1:8125 or [::1]:8125";

/// "mirrorwarden.jobs.archive-refresh:1234|ms". Source: the statsd protocol, timers.
std::string duration_metric(std::string_view job, std::chrono::milliseconds);

/// Sends one datagram. Returns why it could not be sent; empty: it was, and nobody says whether it
/// arrived.
std::string send_metric(const StatsdAddress&, const std::string& metric);

}  // namespace mirrorwarden
