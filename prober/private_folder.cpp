#include "prober/private_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace prober {
namespace {

[[noreturn]] void fail(std::string_view verb, const std::string& path) {
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("cannot {} {}", verb, path));
}

}  // namespace

PrivateFolder::PrivateFolder() {
    std::error_code unknown;
    auto base = std::filesystem::temp_directory_path(unknown);  // $TMPDIR, else /tmp
    std::string path = ((unknown ? "/tmp" : base) / "mirrorwarden-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) {  // with rights 0700
        fail("make the temporary folder", path);
    }
    path_ = path;
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;  // what is left is the tmp cleaner's; nothing secret is in it
    std::filesystem::remove_all(path_, ignored);
}

std::string PrivateFolder::write(std::string_view name, std::string_view bytes) const {
    auto path = (path_ / name).string();
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        fail("make", path);
    }
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            const int error = errno;
            ::close(file);
            errno = error;
            fail("write", path);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(file);
    return path;
}

}  // namespace prober
