#include "model/archive_catalog.hpp"

#include "model/debian_version.hpp"
#include "model/mirror_url.hpp"
#include "model/reserved_name.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace model {
namespace {

constexpr std::string_view no_version = "0";  // sorts before every version

bool may_be_name(std::string_view name) {
    return is_valid_name(name) && !is_reserved_name(name);
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void add_words(std::vector<std::string>& words, const std::vector<std::string>& more) {
    for (const auto& word : more) {
        if (is_archive_word(word) && !contains(words, word)) {
            words.push_back(word);
        }
    }
}

/// Debian's updates say "12-updates".
std::string version_of(const Release& release) {
    auto version = release.version;
    for (const auto pocket : all_pockets) {
        const auto suffix = pocket_suffix(pocket);
        if (!suffix.empty() && version.size() > suffix.size() && version.ends_with(suffix)) {
            version.resize(version.size() - suffix.size());
            break;
        }
    }
    return is_version(version) ? version : std::string(no_version);
}

Series& series_named(std::vector<Series>& all, const std::string& name) {
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const Series& series) { return series.name == name; });
    if (known != all.end()) {
        return *known;
    }
    auto& series = all.emplace_back();
    series.name = name;
    series.version = no_version;
    return series;
}

/// Lower case, and "-" for what a name cannot hold.
std::string as_name(std::string_view text) {
    std::string name;
    for (const char letter : text) {
        const char lower =
            letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
        const bool is_fine = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ||
                             lower == '.' || lower == '+' || lower == '-';
        name += is_fine ? lower : '-';
    }
    name.erase(0, std::min(name.find_first_not_of("-.+"), name.size()));
    name.resize(std::min<std::size_t>(name.size(), 100));
    return name;
}

/// A list of words that each series has, and how people call one of them.
struct WordList {
    std::vector<std::string> Series::*words;
    std::string_view kind;
};

std::vector<std::string> words_of_all(const Distribution& distribution, WordList list) {
    std::vector<std::string> all;
    for (const auto& series : distribution.series) {
        add_words(all, series.*list.words);
    }
    return all;
}

/// Empty: every series has some of what is wanted, and only that now.
std::string keep_wanted(Distribution& distribution, WordList list,
                        const std::vector<std::string>& wanted) {
    const auto all = words_of_all(distribution, list);
    for (const auto& word : wanted) {
        if (!contains(all, word)) {
            return fmt::format("the archive has no {} {}; it has {}", list.kind, in_quotes(word),
                               fmt::join(all, ", "));
        }
    }
    for (auto& series : distribution.series) {
        const auto before = series.*list.words;
        std::erase_if(series.*list.words,
                      [&](const std::string& word) { return !contains(wanted, word); });
        if ((series.*list.words).empty()) {
            return fmt::format("the series {} has none of the wanted {}s; it has {}", series.name,
                               list.kind, fmt::join(before, ", "));
        }
    }
    return {};
}

}  // namespace

SuiteName split_suite(std::string_view suite) {
    for (const auto pocket : all_pockets) {
        const auto suffix = pocket_suffix(pocket);
        if (suffix.empty() || suite.size() <= suffix.size() || !suite.ends_with(suffix)) {
            continue;
        }
        const auto series = suite.substr(0, suite.size() - suffix.size());
        if (!series.ends_with(pocket_suffix(Pocket::proposed))) {
            return {std::string(series), pocket};
        }
    }
    return {std::string(suite), Pocket::release};
}

Distribution distribution_of(std::span<const ArchiveSuite> suites) {
    Distribution distribution;
    distribution.freshness_rule = FreshnessRule::anchored;
    for (const auto& [suite, release] : suites) {
        const auto name = split_suite(suite);
        if (std::find(distribution.pockets.begin(), distribution.pockets.end(), name.pocket) ==
            distribution.pockets.end()) {
            distribution.pockets.push_back(name.pocket);
        }
        auto& series = series_named(distribution.series, name.series);
        add_words(series.components, release.components);
        add_words(series.architectures, release.architectures);
        if (name.pocket == Pocket::release || series.version == no_version) {
            series.version = version_of(release);
        }
        if (distribution.title.empty() && is_plain_text(release.origin, Lines::one)) {
            distribution.title = release.origin.substr(0, 200);
        }
    }
    std::sort(distribution.pockets.begin(), distribution.pockets.end());
    std::stable_sort(distribution.series.begin(), distribution.series.end(),
                     [](const Series& one, const Series& other) {
                         return compare_debian_versions(one.version, other.version) > 0;
                     });
    return distribution;
}

boost::system::result<Distribution, std::string> select_words(Distribution distribution,
                                                              const ArchiveSelection& selection) {
    std::string fault;
    if (!selection.components.empty()) {
        fault = keep_wanted(distribution, {&Series::components, "component"}, selection.components);
    }
    if (fault.empty() && !selection.architectures.empty()) {
        fault = keep_wanted(distribution, {&Series::architectures, "architecture"},
                            selection.architectures);
    }
    if (!fault.empty()) {
        return {boost::system::in_place_error, std::move(fault)};
    }
    return distribution;
}

std::string default_distribution_name(std::span<const ArchiveSuite> suites, std::string_view url) {
    for (const auto& [suite, release] : suites) {
        if (auto name = as_name(release.origin); may_be_name(name)) {
            return name;
        }
    }
    auto name = as_name(host_of(url));
    return may_be_name(name) ? name : "archive";
}

}  // namespace model
