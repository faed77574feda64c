#include "model/bucket.hpp"
#include "model/catalog_reader.hpp"
#include "model/debian_version.hpp"
#include "model/mirror_url.hpp"
#include "model/reserved_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace model {
namespace {

constexpr std::size_t title_bytes_max = 200;
constexpr std::size_t words_max = 200;
constexpr std::size_t series_max = 1'000;
constexpr std::size_t image_sets_max = 1'000;
constexpr std::size_t image_files_max = 10'000;

constexpr std::array<std::string_view, 7> series_keys = {
    "name",  "version", "status", "components", "architectures", "unofficial_architectures",
    "images"};
constexpr std::array<std::string_view, 2> image_keys = {"flavour", "files"};

void wrong_word(TomlTable& table, std::string_view key, const TomlText& word) {
    table.errors().add(
        word.line,
        fmt::format(
            "{}: {} is not valid; use letters, digits, \"+\", \".\", \"_\" and \"-\", begin "
            "with a letter or digit, and write 100 at most",
            key, in_quotes(word.text)));
}

std::string read_word(TomlTable& table, std::string_view key) {
    table.require(key);
    auto word = table.text(key);
    if (word && !is_archive_word(*word)) {
        wrong_word(table, key, {*word, table.line_of(key)});
    }
    return word.value_or(std::string{});
}

std::vector<std::string> read_words(TomlTable& table, std::string_view key, Doubles& doubles) {
    std::vector<std::string> words;
    for (const auto& word : table.texts(key, {0, words_max})) {
        if (!is_archive_word(word.text)) {
            wrong_word(table, key, word);
            continue;
        }
        doubles.note("the name", word.text, word.line, table.errors());
        words.push_back(word.text);
    }
    return words;
}

std::vector<std::string> read_architectures(TomlTable& table, std::string_view key,
                                            Doubles& doubles) {
    auto architectures = read_words(table, key, doubles);
    if (std::find(architectures.begin(), architectures.end(), source_architecture) !=
        architectures.end()) {
        table.wrong(key, "\"source\" is no architecture; sources are always looked for");
    }
    return architectures;
}

std::vector<Pocket> read_pockets(TomlTable& table) {
    if (!table.has("pockets")) {
        return {Pocket::release};
    }
    std::vector<Pocket> pockets;
    Doubles doubles;
    for (const auto& [text, line] : table.texts("pockets", {1, words_max})) {
        const auto pocket = parse_pocket(text);
        if (!pocket) {
            table.errors().add(line, fmt::format("pockets: {} is not one of RELEASE, SECURITY, "
                                                 "UPDATES, PROPOSED, BACKPORTS",
                                                 in_quotes(text)));
            continue;
        }
        doubles.note("the pocket", text, line, table.errors());
        pockets.push_back(*pocket);
    }
    std::sort(pockets.begin(), pockets.end());
    return pockets;
}

std::string read_primary_url(TomlTable& table) {
    const auto text = table.text("primary_url");
    if (!text) {
        return {};
    }
    // A base URL has no room for another scheme, so the one it has is asked for.
    std::string_view scheme = "http";
    if (text->starts_with("https:")) {
        scheme = "https";
    } else if (text->starts_with("ftp:")) {
        scheme = "ftp";
    }
    auto url = normalise_base_url(scheme, *text);
    if (url.has_error()) {
        table.wrong("primary_url", url.error());
        return {};
    }
    return *url;
}

std::vector<ImageSet> read_images(TomlTable& series) {
    std::vector<ImageSet> images;
    Doubles flavours;
    for (auto& table : series.tables("images", image_keys, image_sets_max)) {
        ImageSet& set = images.emplace_back();
        set.flavour = read_word(table, "flavour");
        flavours.note("the flavour", set.flavour, table.line_of("flavour"), table.errors());
        table.require("files");
        Doubles files;
        for (const auto& [text, line] : table.texts("files", {1, image_files_max})) {
            if (!is_relative_path(text)) {
                table.errors().add(line,
                                   fmt::format("files: {} is no path below the mirror's URL; begin "
                                               "without a slash and use no \"..\", no blanks",
                                               in_quotes(text)));
                continue;
            }
            files.note("the file", text, line, table.errors());
            set.files.push_back(text);
        }
    }
    return images;
}

Series read_series(TomlTable& table) {
    Series series;
    series.name = read_word(table, "name");
    table.require("version");
    const auto version = table.text("version");
    if (version && !is_version(*version)) {
        table.wrong("version",
                    fmt::format("{} is no version, such as \"5.04\"; it orders the series",
                                in_quotes(*version)));
    }
    series.version = version.value_or(std::string{});
    series.status =
        table
            .word("status", parse_series_status,
                  "EXPERIMENTAL, DEVELOPMENT, FROZEN, CURRENT, SUPPORTED, OBSOLETE, FUTURE")
            .value_or(SeriesStatus::supported);
    Doubles components;
    series.components = read_words(table, "components", components);
    Doubles architectures;  // official or not, but not both
    series.architectures = read_architectures(table, "architectures", architectures);
    series.unofficial_architectures =
        read_architectures(table, "unofficial_architectures", architectures);
    series.images = read_images(table);
    return series;
}

}  // namespace

Distribution read_distribution(TomlTable& table) {
    Distribution distribution;
    table.require("name");
    distribution.name = read_name(table, "name");
    if (is_reserved_name(distribution.name)) {
        table.wrong("name", fmt::format("a distribution cannot be called {}: the status service "
                                        "has a page or list of that name",
                                        in_quotes(distribution.name)));
    }
    distribution.title =
        table.plain_text("title", title_bytes_max, Lines::one).value_or(distribution.name);
    distribution.primary_url = read_primary_url(table);
    distribution.freshness_rule =
        table.word("freshness_rule", parse_freshness_rule, R"("window", "anchored")")
            .value_or(FreshnessRule::window);
    distribution.pockets = read_pockets(table);
    distribution.admins = read_addresses(table, "admins", 0);
    read_policy(table, distribution);

    Doubles names;
    for (auto& series_table : table.tables("series", series_keys, series_max)) {
        auto series = read_series(series_table);
        names.note("the series", series.name, series_table.line_of("name"), table.errors());
        distribution.series.push_back(std::move(series));
    }
    std::stable_sort(distribution.series.begin(), distribution.series.end(),
                     [](const Series& left, const Series& right) {
                         return compare_debian_versions(left.version, right.version) > 0;
                     });
    return distribution;
}

}  // namespace model
