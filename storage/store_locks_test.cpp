#include "storage/testing/backends.hpp"
#include "tools/cmake/catch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <sys/wait.h>

using namespace storage::testing;
using namespace std::chrono_literals;

TEST_CASE("a lock keeps out every other store until it is let go", "[storage][locks]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const auto other = database->open();

    auto lock = store->try_lock("probe");

    REQUIRE(lock != nullptr);
    CHECK(other->try_lock("probe") == nullptr);
    CHECK(store->try_lock("probe") == nullptr);
    CHECK(other->try_lock("outbox") != nullptr);

    lock.reset();
    // PostgreSQL lets go when it sees the connection end, a moment later.
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (lock == nullptr && std::chrono::steady_clock::now() < deadline) {
        lock = other->try_lock("probe");
    }
    CHECK(lock != nullptr);
}

TEST_CASE("a lock in memory keeps out its own store only", "[storage][locks]") {
    const auto store = storage::open_store("sqlite::memory:", storage::Opening::ready);
    const auto other = storage::open_store("sqlite::memory:", storage::Opening::ready);

    auto lock = store->try_lock("probe");

    CHECK(lock != nullptr);
    CHECK(store->try_lock("probe") == nullptr);
    CHECK(other->try_lock("probe") != nullptr);
    lock.reset();
    CHECK(store->try_lock("probe") != nullptr);
}

TEST_CASE("opening a SQLite file twice keeps the locks of who has it open", "[storage][locks]") {
    const auto database = make_database("sqlite");
    const auto store = database->open();
    store->distributions();

    database->open();  // and closed again
    const auto other = database->open();

    // Asked by another process: one's own locks are never in one's way.
    const std::string path = database->url().substr(std::string("sqlite:").size());
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        struct flock wanted {};
        wanted.l_type = F_WRLCK;
        wanted.l_whence = SEEK_SET;
        const bool is_asked = ::fcntl(file, F_GETLK, &wanted) == 0;
        ::_exit(is_asked && wanted.l_type != F_UNLCK ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("the lock of a process that dies is let go", "[storage][locks]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    database->open();
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = database->open()->try_lock("probe");
        const char word = held != nullptr ? 'y' : 'n';
        if (::write(pipe[1], &word, 1) == 1) {
            ::pause();
        }
        ::_exit(1);
    }
    char word = 0;
    REQUIRE(::read(pipe[0], &word, 1) == 1);
    REQUIRE(word == 'y');
    const auto store = database->open();
    CHECK(store->try_lock("probe") == nullptr);

    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);

    std::unique_ptr<model::StoreLock> lock;
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (lock == nullptr && std::chrono::steady_clock::now() < deadline) {
        lock = store->try_lock("probe");
    }
    CHECK(lock != nullptr);
    ::close(pipe[0]);
    ::close(pipe[1]);
}
