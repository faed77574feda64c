// A stranger's Release: whatever is read may be stored, asked for and shown.

#include "model/release_file.hpp"
#include "model/text_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool is_so) {
    if (!is_so) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto release = model::parse_release({reinterpret_cast<const char*>(data), size});
    if (release.has_error()) {
        require(!release.error().what.empty() && release.error().line >= 0);
        require(model::is_plain_text(release.error().what, model::Lines::one));
        return 0;
    }
    require(model::is_plain_text(
        release->origin + release->label + release->suite + release->codename + release->version,
        model::Lines::one));
    for (const auto& component : release->components) {
        require(model::is_archive_word(component));
    }
    const model::ReleaseEntry* earlier = nullptr;
    for (const auto& entry : release->entries) {
        require(model::is_relative_path(entry.path));
        require(earlier == nullptr || earlier->path < entry.path);
        require(find_entry(*release, entry.path) == &entry);
        earlier = &entry;
    }
    return 0;
}
