#include "prober/own_routes.hpp"

#include "model/redirect.hpp"

#include <unistd.h>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

namespace prober {
namespace {

bool is_missing(int error) noexcept {
    return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL ||
           error == EAFNOSUPPORT;
}

/// Connecting a datagram socket looks the route up and sends nothing.
template <class Address>
bool has_route_to(int family, const Address& address) noexcept {
    const int fd = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return !is_missing(errno);
    }
    const int result = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    const bool has_way = result == 0 || !is_missing(errno);
    ::close(fd);
    return has_way;
}

}  // namespace

bool has_route(IpFamily family) noexcept {
    constexpr in_port_t discard = 9;
    // Any global address does.
    if (family == IpFamily::v6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(discard);
        ::inet_pton(AF_INET6, "2000::1", &address.sin6_addr);
        return has_route_to(AF_INET6, address);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(discard);
    ::inet_pton(AF_INET, "128.0.0.1", &address.sin_addr);
    return has_route_to(AF_INET, address);
}

model::Outcome judge_address(model::Outcome outcome, bool has_route) noexcept {
    if (outcome.kind == model::OutcomeKind::unreachable && !has_route) {
        return {model::OutcomeKind::prober_trouble};
    }
    if (outcome.kind == model::OutcomeKind::http_status && model::is_redirect(outcome.status)) {
        return {model::OutcomeKind::ok};
    }
    return outcome;
}

}  // namespace prober
