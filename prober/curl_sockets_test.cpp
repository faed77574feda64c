#include "prober/curl_sockets.hpp"

#include "prober/curl_shard.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <vector>

using prober::CurlSockets;
using prober::HostSockets;

namespace {

int open_tcp(CurlSockets& sockets, HostSockets& host) {
    return sockets.open(AF_INET, SOCK_STREAM, 0, host);
}

}  // namespace

TEST_CASE("a socket counts for its host until it is closed", "[prober][curl_sockets]") {
    boost::asio::io_context loop(1);
    CurlSockets sockets(loop.get_executor());
    HostSockets host{.open_max = 2, .open = {}};

    const int first = open_tcp(sockets, host);
    const int second = open_tcp(sockets, host);

    REQUIRE(first >= 0);
    CHECK((::fcntl(first, F_GETFD) & FD_CLOEXEC) != 0);  // no child has it
    CHECK(host.open == std::vector{first, second});
    sockets.close(first);
    CHECK(host.open == std::vector{second});
    CHECK(::fcntl(first, F_GETFD) == -1);
    sockets.close(second);
    CHECK(host.open.empty());
}

TEST_CASE("a host at its limit loses the idle connection that it has longest",
          "[prober][curl_sockets]") {
    boost::asio::io_context loop(1);
    CurlSockets sockets(loop.get_executor());
    HostSockets host{.open_max = 2, .open = {}};
    HostSockets other{.open_max = 2, .open = {}};
    const int first = open_tcp(sockets, host);
    const int second = open_tcp(sockets, host);
    const int of_other = open_tcp(sockets, other);

    const int third = open_tcp(sockets, host);

    CHECK(host.open == std::vector{second, third});
    CHECK(other.open == std::vector{of_other});
    CHECK(::fcntl(first, F_GETFD) != -1);  // libcurl's to close
    for (const int fd : {first, second, third, of_other}) {
        sockets.close(fd);
    }
    CHECK(host.open.empty());
}

TEST_CASE("a socket that cannot be had is told by errno", "[prober][curl_sockets]") {
    boost::asio::io_context loop(1);
    CurlSockets sockets(loop.get_executor());
    HostSockets host{.open_max = 2, .open = {}};

    CHECK(sockets.open(-1, SOCK_STREAM, 0, host) == -1);
    CHECK(errno == EAFNOSUPPORT);
    CHECK(host.open.empty());
}

TEST_CASE("a descriptor that libcurl closed itself is watched when its number comes back",
          "[prober][curl_sockets]") {
    boost::asio::io_context loop(1);
    CurlSockets sockets(loop.get_executor());
    prober::CurlShard shard(loop.get_executor(), sockets, 10);
    std::array<int, 2> first{};
    std::array<int, 2> second{};
    REQUIRE(::pipe2(first.data(), O_CLOEXEC) == 0);
    sockets.wait();
    sockets.want(first[0], EPOLLIN, shard);
    sockets.want(first[0], 0, shard);
    ::close(first[1]);
    ::close(first[0]);

    REQUIRE(::pipe2(second.data(), O_CLOEXEC) == 0);
    REQUIRE(second[0] == first[0]);
    sockets.want(second[0], EPOLLIN, shard);
    REQUIRE(::write(second[1], "x", 1) == 1);

    CHECK(loop.poll_one() == 1);
    sockets.rest();
    sockets.want(second[0], 0, shard);
    ::close(second[1]);
    ::close(second[0]);
}
