#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace prober {

/// A new folder that only we can enter, below that for temporary files; gone with all in it when
/// this object goes. Throws `std::system_error` if there can be none.
class PrivateFolder {
public:
    PrivateFolder();
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

    /// Writes a new file, for us alone, and returns its path.
    std::string write(std::string_view name, std::string_view bytes) const;

private:
    std::filesystem::path path_;
};

}  // namespace prober
