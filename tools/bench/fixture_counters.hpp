#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// What a fixture saw, in all and by host: who checks a client's limits reads it here.
class FixtureCounters {
public:
    explicit FixtureCounters(std::uint32_t hosts) : hosts_(hosts) {}

    void connection_opened(std::uint32_t host);
    void connection_closed(std::uint32_t host);
    void request_began(std::uint32_t host);
    void request_ended(std::uint32_t host);

    /// Forgets all but what is open now.
    void reset();

    /// One JSON object: `connections` (made), `connections_open`, `connections_max`,
    /// `connections_host_max`, `requests`, `requests_max`, `requests_host_max` (under
    /// way at once) and `hosts` (that were asked something).
    std::string json() const;

private:
    struct Level {
        std::uint64_t total = 0;
        std::uint32_t now = 0;
        std::uint32_t most = 0;

        void rise();
        void fall() { --now; }
        void reset();
    };
    struct Host {
        Level connections;
        Level requests;
    };

    Host all_;
    std::vector<Host> hosts_;
};

}  // namespace bench
