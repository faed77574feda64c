#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <sys/wait.h>
#include <thread>

using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

constexpr int processes = 4;
constexpr int workers_a_process = 5;
constexpr int branches = 100;

/// Acquires until nothing is due, and tells each number through the pipe.
void acquire_all(const EmptyDatabase& database, int pipe) {
    const auto store = database.open();
    while (const auto branch = store->acquire_branch(
               model::pulled_types, {.worker = "w", .token = "t", .when = new_year}, 1h)) {
        const std::int64_t id = to_integer(branch->id);
        if (::write(pipe, &id, sizeof id) != sizeof id) {  // whole: shorter than PIPE_BUF
            return;
        }
    }
}

[[noreturn]] void be_process(const EmptyDatabase& database, int pipe) {
    std::array<std::thread, workers_a_process> workers;
    for (auto& worker : workers) {
        worker = std::thread([&] {
            try {
                acquire_all(database, pipe);
            } catch (const model::StorageError&) {
                ::_exit(2);
            }
        });
    }
    for (auto& worker : workers) {
        worker.join();
    }
    ::_exit(0);
}

}  // namespace

TEST_CASE("twenty workers in four processes get each due branch exactly once",
          "[storage][branches]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    std::vector<std::int64_t> added;
    {
        const auto store = database->open();
        for (int i = 0; i < branches; ++i) {
            added.push_back(to_integer(
                *store->add_branch({.name = fmt::format("b{}", i),
                                    .url = "u",
                                    .mirroring = {.next_mirror_time = new_year - 1s * (i % 7)}})));
        }
    }
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    std::array<pid_t, processes> children{};

    for (pid_t& child : children) {
        child = ::fork();
        if (child == 0) {
            be_process(*database, pipe[1]);
        }
    }
    ::close(pipe[1]);
    std::vector<std::int64_t> acquired;
    std::int64_t id = 0;
    while (::read(pipe[0], &id, sizeof id) == sizeof id) {
        acquired.push_back(id);
    }
    ::close(pipe[0]);

    for (const pid_t child : children) {
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    std::ranges::sort(acquired);
    CHECK(acquired == added);
}
