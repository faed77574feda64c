#include "tools/mirrorwarden/site_folder.hpp"

#include "tools/mirrorwarden/exit_status.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <fstream>
#include <linux/fs.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>

namespace mirrorwarden {
namespace {

namespace fs = std::filesystem;

/// Says that a folder is ours to replace.
constexpr std::string_view mark = ".mirrorwarden-site";

[[noreturn]] void fail(const char* what, const fs::path& path) {
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("cannot {} {}", what, path.string()));
}

fs::path real_path(const fs::path& folder) {
    // A link stays, and what it leads to is replaced.
    auto path = fs::weakly_canonical(folder);
    return path.has_filename() ? path : path.parent_path();
}

void refuse_foreign(const fs::path& folder) {
    if (!fs::exists(folder)) {
        return;
    }
    if (!fs::is_directory(folder)) {
        throw InputError(fmt::format("{} is a file: name a folder", folder.string()));
    }
    if (!fs::is_empty(folder) && !fs::exists(folder / mark)) {
        throw InputError(
            fmt::format("{} holds files that no export wrote, which would be lost: name a new or "
                        "an empty folder, or one that export-site made",
                        folder.string()));
    }
}

/// One step where the file system can, else two with a moment between them.
void change_places(const fs::path& made, const fs::path& folder) {
    if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) == 0) {
        return;
    }
    if (errno == ENOENT) {
        fs::rename(made, folder);
        return;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        fail("replace", folder);
    }
    const fs::path old = made.string() + ".old";
    fs::remove_all(old);
    fs::rename(folder, old);
    fs::rename(made, folder);
    fs::rename(old, made);
}

}  // namespace

SiteFolder::SiteFolder(const fs::path& folder) : folder_{real_path(folder)} {
    if (folder_.filename().empty()) {
        throw InputError("/ cannot be replaced: name a folder for the site");
    }
    refuse_foreign(folder_);
    made_ = folder_.parent_path() / fmt::format(".{}.new", folder_.filename().string());
    if (::mkdir(made_.c_str(), 0755) != 0 && errno != EEXIST) {
        fail("make", made_);
    }
    lock_ = ::open(made_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (lock_ < 0) {
        fail("open", made_);
    }
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw InputError(fmt::format("another export to {} is under way", folder_.string()));
    }
    for (const auto& left : fs::directory_iterator(made_)) {
        fs::remove_all(left);
    }
    write(mark, "");
}

SiteFolder::~SiteFolder() {
    std::error_code ignored;
    fs::remove_all(made_, ignored);
    ::close(lock_);
}

void SiteFolder::write(std::string_view path, std::string_view body) {
    assert(path.find("..") == std::string_view::npos ||
           path.find("/../") == std::string_view::npos);
    const fs::path file = made_ / path;
    fs::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(body.data(), static_cast<std::streamsize>(body.size()));
    stream.close();
    if (!stream) {
        fail("write", file);
    }
}

void SiteFolder::put_in_place() {
    change_places(made_, folder_);
}

}  // namespace mirrorwarden
