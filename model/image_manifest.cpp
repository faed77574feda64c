#include "model/image_manifest.hpp"

#include "model/file_errors.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace model {
namespace {

constexpr std::size_t text_bytes_max = 16UL * 1024 * 1024;
constexpr std::size_t field_count = 4;

/// Empty where there are not exactly four.
std::optional<std::array<std::string_view, field_count>> fields_of(std::string_view line) {
    std::array<std::string_view, field_count> fields;
    for (std::size_t i = 0; i + 1 < field_count; ++i) {
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) {
            return std::nullopt;
        }
        fields.at(i) = line.substr(0, tab);
        line.remove_prefix(tab + 1);
    }
    fields.back() = line;
    return line.find('\t') == std::string_view::npos ? std::optional{fields} : std::nullopt;
}

class ManifestReader {
public:
    void read(int line, std::string_view text) {
        const auto fields = fields_of(text);
        if (!fields) {
            errors_.add(line, "the line is not \"flavour TAB series TAB path TAB size\"");
            return;
        }
        const auto [flavour, series, path, size] = *fields;
        ImageFile file{std::string(flavour), std::string(series), std::string(path), 0};
        const auto [end, error] =
            std::from_chars(size.data(), size.data() + size.size(), file.size);
        if (error != std::errc{} || end != size.data() + size.size()) {
            errors_.add(line, fmt::format("size: {} is not a number of bytes", in_quotes(size)));
        }
        if (!is_archive_word(flavour)) {
            errors_.add(line, fmt::format("flavour: {} is not valid here", in_quotes(flavour)));
        }
        if (!is_archive_word(series)) {
            errors_.add(line, fmt::format("series: {} is not valid here", in_quotes(series)));
        }
        if (!is_relative_path(path)) {
            errors_.add(line,
                        fmt::format("path: {} is not a path below the base URL", in_quotes(path)));
        }
        paths_.note("the path", file.path, line, errors_);
        files_.push_back(std::move(file));
    }

    boost::system::result<std::vector<ImageFile>, std::vector<FileError>> take() {
        if (files_.empty() && errors_.is_empty()) {
            errors_.add(0, "the manifest names no file");
        }
        if (!errors_.is_empty()) {
            return errors_.take();
        }
        return std::move(files_);
    }

private:
    std::vector<ImageFile> files_;
    FileErrors errors_;
    Doubles paths_;
};

}  // namespace

boost::system::result<std::vector<ImageFile>, std::vector<FileError>> parse_image_manifest(
    std::string_view text) {
    if (text.size() > text_bytes_max) {
        return std::vector{FileError{0, "the manifest is larger than 16 MiB"}};
    }
    ManifestReader reader;
    for (int line = 1; !text.empty(); ++line) {
        const auto whole = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(whole.size() + 1, text.size()));
        const auto content = whole.substr(0, whole.find_last_not_of('\r') + 1);
        if (content.find_first_not_of(" \t") != std::string_view::npos) {
            reader.read(line, content);
        }
    }
    return reader.take();
}

std::string_view folder_of(std::string_view path) noexcept {
    return path.substr(0, path.rfind('/') + 1);
}

std::vector<std::string> image_folders(const Distribution& distribution) {
    std::set<std::string, std::less<>> folders;
    for (const auto& series : distribution.series) {
        for (const auto& images : series.images) {
            for (const auto& file : images.files) {
                if (const auto folder = folder_of(file); !folders.contains(folder)) {
                    folders.emplace(folder);
                }
            }
        }
    }
    return {folders.begin(), folders.end()};
}

std::vector<std::string> expect_images(Distribution& distribution,
                                       const std::vector<ImageFile>& files) {
    std::map<std::string_view, Series*> by_name;
    for (auto& series : distribution.series) {
        series.images.clear();
        by_name.emplace(series.name, &series);
    }
    std::vector<std::string> unknown;
    for (const auto& file : files) {
        const auto found = by_name.find(file.series);
        if (found == by_name.end()) {
            if (std::find(unknown.begin(), unknown.end(), file.series) == unknown.end()) {
                unknown.push_back(file.series);
            }
            continue;
        }
        auto& images = found->second->images;
        auto set = std::find_if(images.begin(), images.end(), [&file](const ImageSet& one) {
            return one.flavour == file.flavour;
        });
        if (set == images.end()) {
            set = images.insert(images.end(), ImageSet{file.flavour, {}, {}});
        }
        set->files.push_back(file.path);
        set->sizes.push_back(file.size);
    }
    return unknown;
}

}  // namespace model
