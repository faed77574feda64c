#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace bench {

/// Hosts by number, the last one not included.
struct HostRange {
    std::uint32_t first = 0;
    std::uint32_t end = 0;

    bool contains(std::uint32_t host) const noexcept { return first <= host && host < end; }
};

struct FixtureOptions {
    std::uint16_t port = 0;
    std::uint32_t hosts = 0;
    std::chrono::microseconds delay{0};  // between a request and its answer
    HostRange swallow;                   // never let anybody connect, and do not say no
    HostRange reset;                     // reset the connection when a request came
    HostRange drip;                      // answer a byte a second
    std::string missing;                 // a request line with this gets 404; empty: none does
    std::string certificate_file;        // PEM; empty: no encryption
    std::string key_file;
};

/// A web server that is many hosts, each on an address of its own in 127.1.0.0/16,
/// on one port, with one thread: every request is answered 200 (or 404), without a
/// body, after a delay, on a connection that is kept.
///
/// At 127.0.0.1, never encrypted: /counters (see FixtureCounters) and /reset.
class Fixture {
public:
    virtual ~Fixture() = default;

    virtual void run() = 0;  // until a signal ends the process
};

/// Throws `std::system_error` or `std::runtime_error` where the fixture cannot be set up.
std::unique_ptr<Fixture> open_fixture(FixtureOptions);

}  // namespace bench
