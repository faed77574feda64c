#include "prober/curl_shard.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <fcntl.h>

#include <cerrno>
#include <sys/socket.h>
#include <vector>

using prober::CurlShard;
using prober::HostSockets;

namespace {

int open_tcp(CurlShard& shard, HostSockets& host) {
    return shard.open_socket(AF_INET, SOCK_STREAM, 0, host);
}

}  // namespace

TEST_CASE("a socket counts for its host until it is closed", "[prober][curl_shard]") {
    boost::asio::io_context loop(1);
    CurlShard shard(loop.get_executor(), 10);
    HostSockets host{.open_max = 2, .open = {}};

    const int first = open_tcp(shard, host);
    const int second = open_tcp(shard, host);

    REQUIRE(first >= 0);
    CHECK((::fcntl(first, F_GETFD) & FD_CLOEXEC) != 0);  // no child has it
    CHECK(host.open == std::vector{first, second});
    shard.close_socket(first);
    CHECK(host.open == std::vector{second});
    CHECK(::fcntl(first, F_GETFD) == -1);
    shard.close_socket(second);
    CHECK(host.open.empty());
}

TEST_CASE("a host at its limit loses the idle connection that it has longest",
          "[prober][curl_shard]") {
    boost::asio::io_context loop(1);
    CurlShard shard(loop.get_executor(), 10);
    HostSockets host{.open_max = 2, .open = {}};
    HostSockets other{.open_max = 2, .open = {}};
    const int first = open_tcp(shard, host);
    const int second = open_tcp(shard, host);
    const int of_other = open_tcp(shard, other);

    const int third = open_tcp(shard, host);

    CHECK(host.open == std::vector{second, third});
    CHECK(other.open == std::vector{of_other});
    CHECK(::fcntl(first, F_GETFD) != -1);  // libcurl's to close
    for (const int fd : {first, second, third, of_other}) {
        shard.close_socket(fd);
    }
    CHECK(host.open.empty());
}

TEST_CASE("a socket that cannot be had is told by errno", "[prober][curl_shard]") {
    boost::asio::io_context loop(1);
    CurlShard shard(loop.get_executor(), 10);
    HostSockets host{.open_max = 2, .open = {}};

    CHECK(shard.open_socket(-1, SOCK_STREAM, 0, host) == -1);
    CHECK(errno == EAFNOSUPPORT);
    CHECK(host.open.empty());
}

TEST_CASE("a shard without transfers leaves the loop alone", "[prober][curl_shard]") {
    boost::asio::io_context loop(1);
    CurlShard shard(loop.get_executor(), 10);

    CHECK(shard.is_idle());
    shard.rest();
    loop.run();  // ends, or the test would not
    CHECK(loop.stopped());
}
