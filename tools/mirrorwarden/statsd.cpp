#include "tools/mirrorwarden/statsd.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <memory>
#include <sys/socket.h>
#include <system_error>

namespace mirrorwarden {
namespace {

constexpr std::size_t host_bytes_max = 255;

class Socket {
public:
    explicit Socket(const addrinfo& place)
        : descriptor_{::socket(place.ai_family, place.ai_socktype | SOCK_CLOEXEC, 0)} {}
    ~Socket() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    bool send(const std::string& text, const addrinfo& place) const {
        return descriptor_ >= 0 && ::sendto(descriptor_, text.data(), text.size(), MSG_DONTWAIT,
                                            place.ai_addr, place.ai_addrlen) >= 0;
    }

private:
    int descriptor_;
};

}  // namespace

std::optional<StatsdAddress> parse_statsd_address(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    StatsdAddress address{.host = text.substr(0, colon), .port = text.substr(colon + 1)};
    auto& host = address.host;
    if (host.size() > 2 && host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find_first_of(":[]") != std::string::npos) {
        return std::nullopt;  // an IPv6 address without brackets could have any port
    }
    std::uint16_t port = 0;
    const char* const end = address.port.data() + address.port.size();
    const auto read = std::from_chars(address.port.data(), end, port);
    if (host.empty() || host.size() > host_bytes_max || read.ec != std::errc() || read.ptr != end ||
        port == 0) {
        return std::nullopt;
    }
    return address;
}

std::string duration_metric(std::string_view job, std::chrono::milliseconds duration) {
    return fmt::format("mirrorwarden.jobs.{}:{}|ms", job, duration.count());
}

std::string send_metric(const StatsdAddress& address, const std::string& metric) {
    addrinfo wish{};
    wish.ai_socktype = SOCK_DGRAM;
    wish.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &wish, &found);
    if (code != 0) {
        return ::gai_strerror(code);
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> places(found, ::freeaddrinfo);
    for (const addrinfo* place = places.get(); place != nullptr; place = place->ai_next) {
        if (Socket(*place).send(metric, *place)) {
            return {};
        }
    }
    return std::generic_category().message(errno);
}

}  // namespace mirrorwarden
