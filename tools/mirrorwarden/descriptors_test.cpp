#include "tools/mirrorwarden/descriptors.hpp"

#include "tools/cmake/catch.hpp"

#include <unistd.h>

#include <fstream>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace mirrorwarden;

namespace {

/// For how many descriptors the kernel has made room; 0 if it does not say.
std::size_t room() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == "FDSize:") {
            std::size_t size = 0;
            status >> size;
            return size;
        }
    }
    return 0;
}

std::size_t soft_limit() {
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    return limit.rlim_cur;
}

/// What it answers in a process of its own, which has these limits.
template <class Body>
int in_child(rlim_t soft, rlim_t hard, Body body) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit limit{.rlim_cur = soft, .rlim_max = hard};
        ::_exit(::setrlimit(RLIMIT_NOFILE, &limit) == 0 && body() ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}

}  // namespace

TEST_CASE("some descriptors are kept for what is not a connection", "[descriptors]") {
    const auto [why, descriptors, wanted, expected] =
        GENERATE(table<std::string, std::size_t, std::size_t, std::size_t>({
            {"far more than are wanted", 1'000'000, 300, 300},
            {"as many as it takes", 364, 300, 300},
            {"one too few", 363, 300, 299},
            {"a tenth", 100, 300, 36},
            {"one connection is left", 65, 300, 1},
            {"none would be left", 64, 300, 1},
            {"fewer than we need ourselves", 3, 300, 1},
            {"one is all that is wanted", 10, 1, 1},
        }));
    CAPTURE(why);

    CHECK(connections_within(descriptors, wanted) == expected);
}

TEST_CASE("the limit is raised as far as connections need, and the system allows",
          "[descriptors]") {
    CHECK(in_child(100, 1000, [] {
              return allowed_connections(300, "--x") == 300 && soft_limit() == 364;
          }) == 0);
    CHECK(in_child(100, 200, [] {
              return allowed_connections(300, "--x") == 136 && soft_limit() == 200;
          }) == 0);
    CHECK(in_child(500, 1000, [] {
              return allowed_connections(300, "--x") == 300 && soft_limit() == 500;
          }) == 0);
}

TEST_CASE("room is made for so many connections, and leaves no descriptor open", "[descriptors]") {
    if (room() == 0) {
        WARN("skipped: /proc/self/status does not tell FDSize here");
        return;
    }
    const auto made = in_child(8192, 8192, [] {
        const int before = ::dup(0);
        make_room_for_connections(4000);
        return room() >= 4064 && ::dup(0) == before + 1;
    });

    CHECK(made == 0);
}

TEST_CASE("where the system does not allow so many, nothing is done", "[descriptors]") {
    CHECK(in_child(200, 200, [] {
              const int before = ::dup(0);
              make_room_for_connections(4000);
              return ::dup(0) == before + 1;
          }) == 0);
}
