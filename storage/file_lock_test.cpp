#include "storage/file_lock.hpp"

#include "storage/testing/backends.hpp"
#include "tools/cmake/catch.hpp"

#include <spawn.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>

using namespace storage;
using namespace storage::testing;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A program that runs until this goes, and has what we let it have.
class Sleeper {
public:
    Sleeper() {
        std::string program = "sleep";
        std::string seconds = "600";
        std::array<char*, 3> words = {program.data(), seconds.data(), nullptr};
        REQUIRE(::posix_spawnp(&process_, program.c_str(), nullptr, nullptr, words.data(),
                               environ) == 0);
    }
    ~Sleeper() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

private:
    pid_t process_ = 0;
};

}  // namespace

TEST_CASE("a file is locked once at a time, by whatever name", "[storage][file_lock]") {
    const TemporaryFolder folder;
    const auto path = folder.path() + "/lock";
    std::filesystem::create_symlink(path, folder.path() + "/link");

    auto lock = try_lock_file(path);

    REQUIRE(lock != nullptr);
    CHECK(try_lock_file(path) == nullptr);
    CHECK(try_lock_file(folder.path() + "/link") == nullptr);
    CHECK(try_lock_file(folder.path() + "/other") != nullptr);
    lock.reset();
    CHECK(try_lock_file(folder.path() + "/link") != nullptr);
}

TEST_CASE("what a lock's file holds stays, and so does the file", "[storage][file_lock]") {
    const TemporaryFolder folder;
    const auto path = folder.path() + "/lock";
    std::ofstream(path) << "not ours";

    try_lock_file(path).reset();

    CHECK(content_of(path) == "not ours");
}

TEST_CASE("a program that we started does not keep our lock", "[storage][file_lock]") {
    const TemporaryFolder folder;
    const auto path = folder.path() + "/lock";
    auto lock = try_lock_file(path);
    REQUIRE(lock != nullptr);
    const Sleeper child;

    lock.reset();

    CHECK(try_lock_file(path) != nullptr);
}

TEST_CASE("a lock that cannot be made says where and why", "[storage][file_lock]") {
    const TemporaryFolder folder;
    const auto in_nothing = folder.path() + "/none/lock";

    CHECK(error_of([&] { try_lock_file(in_nothing); }) ==
          "cannot lock the file " + in_nothing + ": No such file or directory");
    CHECK(error_of([&] { try_lock_file(folder.path()); }) ==
          "cannot lock the file " + folder.path() + ": Is a directory");
}
