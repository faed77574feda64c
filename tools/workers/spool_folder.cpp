#include "tools/workers/spool_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>

namespace workers {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".spool";
constexpr std::string_view unfinished_suffix = ".new";
// Nobody writes for so long.
constexpr std::chrono::hours unfinished_for{1};

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

/// A descriptor that is closed unless it is taken.
class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const noexcept { return number_; }
    int take() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

void write_all(int file, std::string_view text, const fs::path& path) {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            fail(errno, fmt::format("cannot write {}", path.string()));
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

std::optional<std::string> read_all(int file) {
    std::string text;
    std::array<char, 65'536> buffer{};
    while (text.size() <= spool_text_bytes_max) {
        const auto count = ::read(file, buffer.data(), buffer.size());
        if (count == 0) {
            return text;
        }
        if (count < 0 && errno != EINTR) {
            return std::nullopt;
        }
        text.append(buffer.data(), count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return text;
}

/// A rename is on the disk when its folder is.
void sync_folder(const fs::path& folder) {
    const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file.number() < 0 || ::fsync(file.number()) != 0) {
        fail(errno, fmt::format("cannot write the folder {}", folder.string()));
    }
}

/// Opened and locked, and still the file of that name: who held the lock before may have
/// replaced it, or be done with it.
std::optional<int> open_locked(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat opened {};
    struct stat named {};
    const bool is_ours = file.number() >= 0 && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0 &&
                         ::fstat(file.number(), &opened) == 0 &&
                         ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
                         S_ISREG(opened.st_mode);
    return is_ours ? std::optional(file.take()) : std::nullopt;
}

/// What a process that was killed while it wrote has left.
bool is_abandoned(const fs::directory_entry& entry) {
    std::error_code error;
    const auto written = entry.last_write_time(error);
    return entry.path().extension() == unfinished_suffix && !error &&
           fs::file_time_type::clock::now() - written > unfinished_for;
}

/// Sorts by age, and is nobody else's.
std::string fresh_name() {
    static std::atomic<unsigned> made{0};
    const auto now = std::chrono::floor<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return fmt::format("{:020}-{}-{}{}", now.count(), ::getpid(), ++made, suffix);
}

}  // namespace

SpoolFile::~SpoolFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void SpoolFile::keep(std::vector<Report> reports) {
    SpooledRun next{.service = run_.service, .reports = std::move(reports)};
    if (next.reports.empty()) {
        if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
            fail(errno, fmt::format("cannot remove {}", path_.string()));
        }
        run_ = std::move(next);
        return;
    }
    auto fresh = path_;
    fresh += unfinished_suffix;
    Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    // The lock first: under its own name the file is never there without.
    if (file.number() < 0 || ::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        fail(errno, fmt::format("cannot write {}", fresh.string()));
    }
    try {
        write_all(file.number(), print_spool(next), fresh);
        if (::fsync(file.number()) != 0 || ::rename(fresh.c_str(), path_.c_str()) != 0) {
            fail(errno, fmt::format("cannot write {}", path_.string()));
        }
    } catch (...) {
        ::unlink(fresh.c_str());
        throw;
    }
    const Descriptor before(std::exchange(descriptor_, file.take()));
    run_ = std::move(next);
    sync_folder(path_.parent_path());
}

SpoolFolder::SpoolFolder(fs::path folder) : folder_(std::move(folder)) {
    std::error_code error;
    if (fs::create_directories(folder_, error)) {
        fs::permissions(folder_, fs::perms::owner_all, error);
    }
    if (error) {
        throw std::system_error(
            error, fmt::format("cannot make the folder for unsent reports, {}", folder_.string()));
    }
}

std::vector<fs::path> SpoolFolder::files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().extension() == suffix) {
            found.push_back(entry.path());
        } else if (is_abandoned(entry)) {
            std::error_code ignored;
            fs::remove(entry.path(), ignored);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

SpoolFile SpoolFolder::add(const std::string& service) const {
    if (files().size() >= files_max) {
        fail(ENOSPC, fmt::format("{} holds {} unsent reports already, for a service that has long "
                                 "been away; one more is not kept",
                                 folder_.string(), files_max));
    }
    return {folder_ / fresh_name(), -1, {.service = service, .reports = {}}};
}

void SpoolFolder::for_each_left(const std::string& service,
                                const std::function<bool(SpoolFile&)>& visit,
                                const std::function<void(std::string_view)>& complain) const {
    for (const auto& path : files()) {
        const auto opened = open_locked(path);
        if (!opened) {
            continue;
        }
        Descriptor file(*opened);
        const auto text = read_all(file.number());
        auto run = text ? parse_spool(*text) : std::nullopt;
        if (!run) {
            auto aside = path;
            aside += ".bad";
            ::rename(path.c_str(), aside.c_str());
            complain(fmt::format("{} holds no reports that can be read; it is now {}",
                                 path.string(), aside.string()));
            continue;
        }
        if (run->service != service) {
            continue;
        }
        SpoolFile left(path, file.take(), std::move(*run));
        if (!visit(left)) {
            return;
        }
    }
}

}  // namespace workers
