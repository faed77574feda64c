#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace workers {

/// The right to be the only one at work in a folder. The system takes it back when the process
/// ends, however it ends.
class FolderLock {
public:
    /// Makes the folder where it is not there. Empty where somebody else has it. Throws
    /// `std::system_error`.
    static std::optional<FolderLock> take(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;

private:
    explicit FolderLock(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace workers
