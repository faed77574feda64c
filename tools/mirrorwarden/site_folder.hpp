#pragma once

#include <filesystem>
#include <string_view>

namespace mirrorwarden {

/// A folder that is replaced as a whole: what is written goes into a new one beside it, which
/// takes its place in one step. Until then, or where that never comes, the old one is whole.
class SiteFolder {
public:
    /// Throws `InputError` where `folder` holds what no export wrote, and where another export
    /// to it is under way; `std::system_error` where nothing can be written beside it.
    explicit SiteFolder(const std::filesystem::path& folder);
    SiteFolder(const SiteFolder&) = delete;
    SiteFolder& operator=(const SiteFolder&) = delete;
    ~SiteFolder();  // what was not put in place goes

    /// `path` below the folder, without "..". Throws `std::system_error`.
    void write(std::string_view path, std::string_view body);
    /// Puts all of it in place. Throws `std::system_error`.
    void put_in_place();

private:
    std::filesystem::path folder_;
    std::filesystem::path made_;  // beside it
    int lock_ = -1;               // of `made_`
};

}  // namespace mirrorwarden
