#include "prober/curl_shard.hpp"

#include "tools/cmake/catch.hpp"

#include <boost/asio/io_context.hpp>

using prober::CurlShard;
using prober::CurlSockets;

TEST_CASE("a shard without transfers leaves the loop alone", "[prober][curl_shard]") {
    boost::asio::io_context loop(1);
    CurlSockets sockets(loop.get_executor());
    CurlShard shard(loop.get_executor(), sockets, 10);

    CHECK(shard.is_idle());
    shard.rest();
    loop.run();  // ends, or the test would not
    CHECK(loop.stopped());
}
