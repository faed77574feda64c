#include "storage/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <sys/file.h>
#include <system_error>

namespace storage {
namespace {

class FileLock final : public model::StoreLock {
public:
    explicit FileLock(int descriptor) : descriptor_{descriptor} {}
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock() override { ::close(descriptor_); }

private:
    int descriptor_;
};

[[noreturn]] void fail(const std::string& path, int error) {
    throw model::StorageError(
        fmt::format("cannot lock the file {}: {}", path, std::generic_category().message(error)));
}

}  // namespace

std::unique_ptr<model::StoreLock> try_lock_file(const std::string& path) {
    // The file stays: whoever removed it could not know that nobody else is just
    // opening it, and two would hold the lock.
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        fail(path, errno);
    }
    auto lock = std::make_unique<FileLock>(descriptor);
    int result = 0;
    do {
        result = ::flock(descriptor, LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0) {
        return lock;
    }
    if (errno == EWOULDBLOCK) {
        return nullptr;
    }
    fail(path, errno);
}

}  // namespace storage
