#pragma once

#include <cstdint>
#include <vector>

namespace bench {

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int number() const noexcept { return number_; }

private:
    int number_ = -1;
};

/// Hosts of the fixture are numbered from 0: 127.1.0.1, 127.1.0.2, ... 127.1.0.250, 127.1.1.1, ...
/// In network byte order.
std::uint32_t host_address(std::uint32_t host) noexcept;

/// The number of the host at an address; `no_host` for any other address.
inline constexpr std::uint32_t no_host = 0xffff'ffff;
std::uint32_t host_at(std::uint32_t address) noexcept;

/// Listens on every address of the loopback interface, and on no other interface.
/// Throws `std::system_error`; so do the others here.
Descriptor listen_on_loopback(std::uint16_t port);

/// Which host (see above) a connection was made to; `no_host` if none.
std::uint32_t host_of_connection(int socket);

/// Holds a host's port in the way of a firewall that drops packets: the queue of
/// the listening socket is full and nobody takes from it, so the kernel
/// ignores whoever else wants to connect.
std::vector<Descriptor> swallow_connections(std::uint32_t host, std::uint16_t port);

/// Ends a connection with a reset rather than an orderly close.
void reset_on_close(int socket);

/// As many descriptors as this process may have; returns how many.
std::uint64_t raise_descriptor_limit();

}  // namespace bench
