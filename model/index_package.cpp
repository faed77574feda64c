#include "model/index_package.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace model {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// The next word of `text`, which loses it.
std::string_view take_word(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const auto word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    return word;
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return size;
}

/// Also without the "./" that some tools write before it.
std::string_view without_dot(std::string_view path) noexcept {
    while (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    return path == "." ? std::string_view{} : path;
}

std::string is_missing(std::string_view field, std::string_view package) {
    return package.empty()
               ? fmt::format("there is no field {}", field)
               : fmt::format("there is no field {} in the stanza of {}", field, in_quotes(package));
}

std::string wrong_field(std::string_view field, std::string_view value, std::string_view package) {
    return fmt::format("the field {} of {} cannot be {}", field, in_quotes(package),
                       in_quotes(value));
}

struct ListedFile {
    std::string_view sha256;
    std::string_view size;
    std::string_view name;
};

/// The .dsc of a list of files, a line each: hash, size, name.
std::optional<ListedFile> find_dsc(std::string_view list) noexcept {
    while (!list.empty()) {
        const auto end = std::min(list.find('\n'), list.size());
        auto line = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        const ListedFile file{take_word(line), take_word(line), take_word(line)};
        if (file.name.ends_with(".dsc")) {
            return file;
        }
    }
    return std::nullopt;
}

/// "hello (2.10-3)": the name, and the version where it is another than the binary's.
void read_source(std::string_view field, IndexPackage& package) {
    package.source = package.name;
    package.source_version = package.version;
    if (const auto name = take_word(field); !name.empty()) {
        package.source = name;
    }
    const auto version = take_word(field);
    if (version.size() > 2 && version.front() == '(' && version.back() == ')') {
        package.source_version = version.substr(1, version.size() - 2);
    }
}

std::optional<std::string> read_binary_file(const Stanza& stanza, IndexPackage& package) {
    const auto path = without_dot(stanza.field("Filename"));
    if (path.empty()) {
        return is_missing("Filename", package.name);
    }
    if (!is_relative_path(path)) {
        return wrong_field("Filename", path, package.name);
    }
    const auto slash = path.rfind('/');
    package.folder = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
    package.file = slash == std::string_view::npos ? path : path.substr(slash + 1);
    package.sha256 = stanza.field("SHA256");
    const auto size = stanza.field("Size");
    const auto bytes = parse_size(size);
    if (!bytes) {
        return size.empty() ? is_missing("Size", package.name)
                            : wrong_field("Size", size, package.name);
    }
    package.size = *bytes;
    return std::nullopt;
}

std::optional<std::string> read_source_file(const Stanza& stanza, IndexPackage& package) {
    auto dsc = find_dsc(stanza.field("Checksums-Sha256"));
    if (!dsc) {
        dsc = find_dsc(stanza.field("Files"));
        if (!dsc) {
            return std::nullopt;
        }
        dsc->sha256 = {};  // it is another kind of hash
    }
    package.folder = without_dot(stanza.field("Directory"));
    package.file = dsc->name;
    package.sha256 = dsc->sha256;
    const auto bytes = parse_size(dsc->size);
    if (!bytes) {
        return wrong_field("Files", dsc->size, package.name);
    }
    package.size = *bytes;
    if (!is_relative_path(package.file) || package.file.find('/') != std::string_view::npos) {
        return wrong_field("Files", package.file, package.name);
    }
    if (!package.folder.empty() && !is_relative_path(package.folder)) {
        return wrong_field("Directory", package.folder, package.name);
    }
    return std::nullopt;
}

/// What is wrong with the stanza; empty: nothing.
std::optional<std::string> read(IndexKind kind, const Stanza& stanza, IndexPackage& package) {
    package.name = stanza.field("Package");
    package.version = stanza.field("Version");
    if (package.name.empty() || package.version.empty()) {
        return is_missing(package.name.empty() ? "Package" : "Version", package.name);
    }
    if (!is_archive_word(package.name)) {
        return wrong_field("Package", package.name, package.name);
    }
    if (kind == IndexKind::packages) {
        package.architecture = stanza.field("Architecture");
    }
    read_source(kind == IndexKind::packages ? stanza.field("Source") : std::string_view{}, package);
    if (!is_archive_word(package.source)) {
        return wrong_field("Source", package.source, package.name);
    }
    for (const auto version : {package.version, package.source_version}) {
        if (!is_version(version)) {
            return wrong_field("Version", version, package.name);
        }
    }
    return kind == IndexKind::packages ? read_binary_file(stanza, package)
                                       : read_source_file(stanza, package);
}

/// FNV-1a of 64 bits, and a last mix, for it spreads the last bytes badly.
/// Source: draft-eastlake-fnv; the mix is MurmurHash3's, which is in the public domain.
class Key {
public:
    Key& add(std::string_view text) noexcept {
        for (const char byte : text) {
            add(byte);
        }
        return *this;
    }
    Key& add(char byte) noexcept {
        value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
        return *this;
    }

    std::uint64_t value() const noexcept {
        auto mixed = value_;
        mixed = (mixed ^ (mixed >> 33U)) * 0xff51afd7ed558ccdU;
        mixed = (mixed ^ (mixed >> 33U)) * 0xc4ceb9fe1a85ec53U;
        return mixed ^ (mixed >> 33U);
    }

private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace

IndexKind index_kind(const Bucket& bucket) noexcept {
    return bucket.is_source() ? IndexKind::sources : IndexKind::packages;
}

boost::system::result<IndexPackage, TextFault> read_index_package(IndexKind kind,
                                                                  const Stanza& stanza) {
    IndexPackage package;
    if (auto fault = read(kind, stanza, package)) {
        return TextFault{stanza.line_of(stanza.text()), std::move(*fault)};
    }
    return package;
}

std::string path_of(const IndexPackage& package) {
    if (package.file.empty() || package.folder.empty()) {
        return std::string(package.file);
    }
    return fmt::format("{}/{}", package.folder, package.file);
}

std::uint64_t package_key(const IndexPackage& package) noexcept {
    Key key;
    key.add(package.source).add('\0').add(package.source_version).add('\0');
    if (!package.folder.empty()) {
        key.add(package.folder).add('/');
    }
    return key.add(package.file).value();
}

std::uint64_t package_key(const Publication& publication) {
    Key key;
    key.add(publication.source).add('\0').add(publication.version).add('\0');
    return key.add(publication.file.empty() ? std::string{} : pool_path(publication)).value();
}

Publication publication_of(const IndexPackage& package, const std::string& distribution,
                           const Bucket& bucket, Timestamp published) {
    Publication publication;
    publication.distribution = distribution;
    publication.bucket = bucket;
    publication.source = package.source;
    publication.version = package.source_version;
    publication.file = package.file;
    publication.path = path_of(package);
    if (!publication.file.empty()) {
        publication.file_type = bucket.is_source() ? FileType::dsc : FileType::deb;
    }
    publication.status = PublicationStatus::published;
    publication.published = published;
    return publication;
}

}  // namespace model
