#include "tools/service/service_manager.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

namespace service {
namespace {

constexpr int first_descriptor = 3;
constexpr int descriptors_max = 64;

/// -1 where the variable is not there, or no number.
int number_in(const char* variable) {
    const char* const text = std::getenv(variable);
    int number = -1;
    if (text != nullptr) {
        const char* const end = text + std::strlen(text);
        if (std::from_chars(text, end, number).ptr != end) {
            return -1;
        }
    }
    return number;
}

}  // namespace

std::vector<int> take_handed_sockets() {
    const int count = std::min(number_in("LISTEN_FDS"), descriptors_max);
    const bool is_for_us = number_in("LISTEN_PID") == ::getpid();
    for (const char* variable : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) {
        ::unsetenv(variable);
    }
    std::vector<int> descriptors;
    for (int i = 0; is_for_us && i < count; ++i) {
        ::fcntl(first_descriptor + i, F_SETFD, FD_CLOEXEC);
        descriptors.push_back(first_descriptor + i);
    }
    return descriptors;
}

void tell_service_manager(std::string_view state) {
    const char* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path == nullptr || (path[0] != '/' && path[0] != '@') ||
        std::strlen(path) >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    const std::string_view name{path};
    std::ranges::copy(name, std::begin(address.sun_path));
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) {
        return;
    }
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets' own way
    ::sendto(socket, state.data(), state.size(), 0, reinterpret_cast<const sockaddr*>(&address),
             size);
    ::close(socket);
}

}  // namespace service
