#include "model/release_indexes.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace model {
namespace {

// Source: apt.conf(5), Acquire::CompressionTypes.
constexpr std::array<std::string_view, 6> compressed_forms = {".bz2",  ".gz", ".lz4",
                                                              ".lzma", ".xz", ".zst"};

const std::vector<std::string> only_sources = {"source"};

bool is_wanted(const std::vector<std::string>& wanted, std::string_view word) {
    return wanted.empty() || std::ranges::find(wanted, word) != wanted.end();
}

/// "main/binary-amd64/Packages" is of component "main" and architecture "amd64".
bool is_wanted(const IndexWish& wish, std::string_view stem) {
    const auto name_begin = stem.rfind('/');
    if (name_begin == std::string_view::npos || name_begin == 0) {
        return false;
    }
    const auto folder_begin = stem.rfind('/', name_begin - 1);
    if (folder_begin == std::string_view::npos) {
        return false;
    }
    const auto component = stem.substr(0, folder_begin);
    const auto folder = stem.substr(folder_begin + 1, name_begin - folder_begin - 1);
    const auto name = stem.substr(name_begin + 1);
    if (!is_wanted(wish.components, component)) {
        return false;
    }
    if (name == "Sources") {
        return folder == "source" && is_wanted(wish.architectures, "source");
    }
    if (name == "Packages") {
        constexpr std::string_view binary = "binary-";
        const bool is_for_any = folder == "binary-all" && wish.architectures != only_sources;
        return folder.starts_with(binary) &&
               (is_for_any || is_wanted(wish.architectures, folder.substr(binary.size())));
    }
    return name == "Translation-en" && folder == "i18n";
}

}  // namespace

std::string_view index_stem(std::string_view path) noexcept {
    for (const auto form : compressed_forms) {
        if (path.ends_with(form)) {
            return path.substr(0, path.size() - form.size());
        }
    }
    return path;
}

bool is_translation(std::string_view path) noexcept {
    return path.find("/i18n/Translation-") != std::string_view::npos;
}

std::vector<const ReleaseEntry*> indexes_of(const Release& release, const IndexWish& wish) {
    std::set<std::string_view> compressed;
    for (const auto& entry : release.entries) {
        if (const auto stem = index_stem(entry.path); stem.size() < entry.path.size()) {
            compressed.insert(stem);
        }
    }
    std::vector<const ReleaseEntry*> wanted;
    for (const auto& entry : release.entries) {
        const auto stem = index_stem(entry.path);
        const bool is_plain_beside_compressed =
            stem.size() == entry.path.size() && compressed.contains(stem);
        if (!is_plain_beside_compressed && is_wanted(wish, stem)) {
            wanted.push_back(&entry);
        }
    }
    return wanted;
}

}  // namespace model
