#pragma once

#include "tools/workers/spool_text.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace workers {

/// One run's file in the spool, locked by this process: nobody else sends what is in it. What is
/// in the file when this object goes is for the next run that looks.
class SpoolFile {
public:
    SpoolFile(std::filesystem::path path, int descriptor, SpooledRun run) noexcept
        : path_(std::move(path)), descriptor_(descriptor), run_(std::move(run)) {}
    ~SpoolFile();
    SpoolFile(SpoolFile&& other) noexcept
        : path_(std::move(other.path_)),
          descriptor_(std::exchange(other.descriptor_, -1)),
          run_(std::move(other.run_)) {}
    SpoolFile& operator=(SpoolFile&&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }
    const SpooledRun& run() const noexcept { return run_; }

    /// What the file holds from now on, on the disk when this returns; nothing: it is gone.
    /// Throws `std::system_error`, and the file holds what it held.
    void keep(std::vector<Report> reports);

private:
    std::filesystem::path path_;
    int descriptor_;
    SpooledRun run_;
};

/// A folder of what runs could not tell the service; many processes may use it at once.
class SpoolFolder {
public:
    /// Made, for us alone, where it is not there. Throws `std::system_error`.
    explicit SpoolFolder(std::filesystem::path folder);

    const std::filesystem::path& path() const noexcept { return folder_; }

    /// A new run's file, empty. Throws `std::system_error`, also where `files_max` wait already.
    SpoolFile add(const std::string& service) const;

    /// Calls back with each file for `service` that no living process works on, oldest first,
    /// until it says false. A file that cannot be read is set aside, and `complain` is told.
    void for_each_left(const std::string& service, const std::function<bool(SpoolFile&)>& visit,
                       const std::function<void(std::string_view)>& complain) const;

    static constexpr std::size_t files_max = 10'000;

private:
    std::vector<std::filesystem::path> files() const;

    std::filesystem::path folder_;
};

}  // namespace workers
