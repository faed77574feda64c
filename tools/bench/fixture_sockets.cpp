#include "tools/bench/fixture_sockets.hpp"

#include <unistd.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace bench {
namespace {

constexpr std::uint32_t hosts_per_net = 250;  // 127.1.x.1 to 127.1.x.250
constexpr std::uint32_t first_net = 0x7f01'0000;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

Descriptor make_socket() {
    Descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (made.number() < 0) {
        fail("cannot make a socket");
    }
    const int on = 1;
    ::setsockopt(made.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Lets one host's own socket stand beside that of all others, and go first.
    ::setsockopt(made.number(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    return made;
}

sockaddr_in address_of(std::uint32_t address, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    made.sin_addr.s_addr = address;
    return made;
}

void bind_and_listen(const Descriptor& socket, const sockaddr_in& where, int backlog) {
    // The socket interface of the kernel takes every address family through one pointer.
    const auto* address = reinterpret_cast<const sockaddr*>(&where);
    if (::bind(socket.number(), address, sizeof where) != 0) {
        fail("cannot bind the fixture's port");
    }
    if (::listen(socket.number(), backlog) != 0) {
        fail("cannot listen on the fixture's port");
    }
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) {
        ::close(number_);
    }
}

std::uint32_t host_address(std::uint32_t host) noexcept {
    return htonl(first_net + host / hosts_per_net * 256 + host % hosts_per_net + 1);
}

std::uint32_t host_at(std::uint32_t address) noexcept {
    const std::uint32_t offset = ntohl(address) - first_net;
    const std::uint32_t last = offset % 256;
    if (offset > 0xffff || last == 0 || last > hosts_per_net) {
        return no_host;
    }
    return offset / 256 * hosts_per_net + last - 1;
}

Descriptor listen_on_loopback(std::uint16_t port) {
    auto socket = make_socket();
    constexpr std::string_view device = "lo";
    if (::setsockopt(socket.number(), SOL_SOCKET, SO_BINDTODEVICE, device.data(),
                     static_cast<socklen_t>(device.size())) != 0) {
        fail("cannot restrict the fixture to the loopback interface");
    }
    bind_and_listen(socket, address_of(INADDR_ANY, port), 4096);
    return socket;
}

std::uint32_t host_of_connection(int socket) {
    sockaddr_in local{};
    socklen_t size = sizeof local;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&local), &size) != 0) {
        return no_host;
    }
    return host_at(local.sin_addr.s_addr);
}

std::vector<Descriptor> swallow_connections(std::uint32_t host, std::uint16_t port) {
    std::vector<Descriptor> held;
    const auto where = address_of(host_address(host), port);
    held.push_back(make_socket());
    bind_and_listen(held.back(), where, 0);
    // A queue of length 0 takes one connection.
    held.push_back(make_socket());
    const auto* address = reinterpret_cast<const sockaddr*>(&where);
    if (::connect(held.back().number(), address, sizeof where) != 0 && errno != EINPROGRESS) {
        fail("cannot fill the queue of a host that swallows connections");
    }
    return held;
}

void reset_on_close(int socket) {
    const linger abort{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
}

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        fail("cannot read the limit of open files");
    }
    limit.rlim_cur = std::max(limit.rlim_cur, limit.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        fail("cannot raise the limit of open files");
    }
    return limit.rlim_cur;
}

}  // namespace bench
