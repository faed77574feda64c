#include "tools/workers/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <sys/file.h>
#include <system_error>

namespace workers {

std::optional<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    // The folder itself: nobody wonders about a file in it.
    FolderLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.descriptor_ >= 0 && ::flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) {
        return lock;
    }
    if (errno == EWOULDBLOCK) {
        return std::nullopt;
    }
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("cannot lock the folder {}", folder.string()));
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace workers
