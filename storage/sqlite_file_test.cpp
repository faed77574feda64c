#include "storage/sqlite_file.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <fcntl.h>
#include <unistd.h>

using namespace storage::testing;

namespace {

/// Whether anybody, this process too, has a POSIX lock on the file. Ends ours by looking: a
/// descriptor of it is closed.
bool is_locked(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(descriptor >= 0);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    REQUIRE(::fcntl(descriptor, F_OFD_GETLK, &lock) == 0);
    ::close(descriptor);
    return lock.l_type != F_UNLCK;
}

std::unique_ptr<model::Store> open(const std::string& url) {
    return storage::open_store(url, storage::Opening::ready);
}

}  // namespace

TEST_CASE("opening a database once more leaves the locks of those that have it open",
          "[storage][sqlite_file]") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/db.sqlite";
    const auto first = open("sqlite:" + path);
    load(*first, acceptance_catalog());

    const auto second = open("sqlite:" + path);
    { const auto third = open("sqlite:" + folder.path() + "/./db.sqlite"); }

    CHECK(is_locked(path));
}

TEST_CASE("a file that nobody has open any more is looked at again", "[storage][sqlite_file]") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/db.sqlite";
    { const auto first = open("sqlite:" + path); }
    REQUIRE(::truncate(path.c_str(), 50) == 0);

    const auto error = error_of([&] { open("sqlite:" + path); });

    CHECK(says(error, "is not a database"));
}
