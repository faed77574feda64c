#pragma once

#include <span>
#include <string>
#include <string_view>

namespace service {

/// A file of tools/service/pages, put here when the build was configured.
struct PageFile {
    std::string_view name;  // "site.css"
    std::string_view hash;  // of its content
    std::string_view text;
};

std::span<const PageFile> page_files() noexcept;
/// Aborts where there is none: templates and code come together.
const PageFile& page_file(std::string_view name) noexcept;

/// What the file is called below /assets/, other with each content: "site.0123456789abcdef.css".
std::string asset_name(const PageFile&);

}  // namespace service
