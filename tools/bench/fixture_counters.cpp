#include "tools/bench/fixture_counters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench {

void FixtureCounters::Level::rise() {
    ++total;
    most = std::max(most, ++now);
}

void FixtureCounters::Level::reset() {
    total = 0;
    most = now;
}

void FixtureCounters::connection_opened(std::uint32_t host) {
    all_.connections.rise();
    hosts_.at(host).connections.rise();
}

void FixtureCounters::connection_closed(std::uint32_t host) {
    all_.connections.fall();
    hosts_.at(host).connections.fall();
}

void FixtureCounters::request_began(std::uint32_t host) {
    all_.requests.rise();
    hosts_.at(host).requests.rise();
}

void FixtureCounters::request_ended(std::uint32_t host) {
    all_.requests.fall();
    hosts_.at(host).requests.fall();
}

void FixtureCounters::reset() {
    all_.connections.reset();
    all_.requests.reset();
    for (auto& host : hosts_) {
        host.connections.reset();
        host.requests.reset();
    }
}

std::string FixtureCounters::json() const {
    std::uint32_t connections_host_max = 0;
    std::uint32_t requests_host_max = 0;
    std::uint32_t asked = 0;
    for (const auto& host : hosts_) {
        connections_host_max = std::max(connections_host_max, host.connections.most);
        requests_host_max = std::max(requests_host_max, host.requests.most);
        asked += host.requests.total > 0 ? 1 : 0;
    }
    return fmt::format(R"({{"connections": {}, "connections_open": {}, "connections_max": {}, )"
                       R"("connections_host_max": {}, "requests": {}, "requests_max": {}, )"
                       R"("requests_host_max": {}, "hosts": {}}})",
                       all_.connections.total, all_.connections.now, all_.connections.most,
                       connections_host_max, all_.requests.total, all_.requests.most,
                       requests_host_max, asked);
}

}  // namespace bench
