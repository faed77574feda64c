// A manifest from a URL: its paths are asked for at every mirror, its errors shown.

#include "model/image_manifest.hpp"
#include "model/text_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto files = model::parse_image_manifest({reinterpret_cast<const char*>(data), size});
    if (files.has_error()) {
        for (const auto& [line, sentence] : files.error()) {
            if (line < 0 || !model::is_plain_text(sentence, model::Lines::one)) {
                std::abort();
            }
        }
        return files.error().empty() ? (std::abort(), 0) : 0;
    }
    std::set<std::string> paths;
    for (const auto& file : *files) {
        if (!model::is_relative_path(file.path) || !paths.insert(file.path).second ||
            !model::is_archive_word(file.series) || !model::is_archive_word(file.flavour)) {
            std::abort();
        }
    }
    return paths.empty() ? (std::abort(), 0) : 0;
}
