#include "model/catalog_file.hpp"

#include "model/catalog_reader.hpp"
#include "model/mirror_url.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace model {
namespace {

constexpr std::array<std::string_view, 2> catalog_keys = {"distribution", "mirror"};
constexpr std::size_t distributions_max = 1'000;
constexpr std::size_t mirrors_max = 1'000'000;

/// Gives a name to each mirror without one, the names that the file gives taken.
void fill_names(std::vector<Catalog::Entry>& mirrors) {
    std::set<std::string> taken;
    for (const auto& [mirror, enabled, line] : mirrors) {
        taken.insert(mirror.name);
    }
    std::map<std::string, int> numbers;  // the last that was tried with a name
    for (auto& [mirror, enabled, line] : mirrors) {
        if (!mirror.name.empty()) {
            continue;
        }
        const auto name = default_mirror_name(mirror);
        auto candidate = name;
        int& number = numbers.emplace(name, 1).first->second;
        while (!taken.insert(candidate).second) {
            candidate = fmt::format("{}{}", name, ++number);
        }
        mirror.name = std::move(candidate);
    }
}

}  // namespace

std::string format_file_error(std::string_view file, const FileError& error) {
    if (error.line == 0) {
        return fmt::format("{}: {}", file, error.text);
    }
    return fmt::format("{}:{}: {}", file, error.line, error.text);
}

boost::system::result<Catalog, std::vector<FileError>> parse_catalog(std::string_view toml) {
    const auto document = parse_toml(toml);
    if (document.has_error()) {
        return std::vector{document.error()};
    }
    FileErrors errors;
    TomlTable root(*document, catalog_keys, errors);
    Catalog catalog;

    Doubles distribution_names;
    for (auto& table : root.tables("distribution", distribution_keys, distributions_max)) {
        auto distribution = read_distribution(table);
        distribution_names.note("the distribution", distribution.name, table.line_of("name"),
                                errors);
        catalog.distributions.push_back(std::move(distribution));
    }

    Doubles mirror_names;
    Doubles urls;
    for (auto& table : root.tables("mirror", mirror_keys, mirrors_max)) {
        auto entry = read_mirror(table, urls);
        mirror_names.note("the mirror", entry.mirror.name, table.line_of("name"), errors);
        catalog.mirrors.push_back(std::move(entry));
    }

    if (!errors.is_empty()) {
        return errors.take();
    }
    fill_names(catalog.mirrors);
    return catalog;
}

}  // namespace model
