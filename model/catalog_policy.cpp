#include "model/catalog_reader.hpp"
#include "model/duration_text.hpp"
#include "model/mirror_url.hpp"
#include "model/policy.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace model {
namespace {

constexpr std::size_t path_bytes_max = 1'000;
constexpr std::size_t reasons_max = 20;
constexpr NumberRange probes_range{1, 100};
constexpr NumberRange never_below_range{0, 1'000};
constexpr NumberRange deep_every_range{0, 1'000};

/// Absolute, because what is stored is read by runs in any folder.
bool is_absolute_path(std::string_view text) {
    return text.starts_with('/') && text.size() <= path_bytes_max &&
           is_plain_text(text, Lines::one);
}

std::string read_keyring(TomlTable& table) {
    const auto path = table.text("keyring");
    if (path && !is_absolute_path(*path)) {
        table.wrong("keyring", fmt::format("{} is not the whole path of a file, such as "
                                           "\"/usr/share/keyrings/debian-archive-keyring.gpg\"",
                                           in_quotes(*path)));
        return {};
    }
    return path.value_or(std::string{});
}

std::string read_manifest(TomlTable& table) {
    const auto text = table.text("manifest");
    if (!text || is_absolute_path(*text)) {
        return text.value_or(std::string{});
    }
    const bool is_https = text->starts_with("https://");
    if (!is_https && !text->starts_with("http://")) {
        table.wrong("manifest",
                    fmt::format("{} is neither an http or https URL nor the whole path of a file",
                                in_quotes(*text)));
        return {};
    }
    // The rules for a base URL are those for a file's URL, save for the slash at the end.
    auto url = normalise_base_url(is_https ? "https" : "http", *text);
    if (url.has_error()) {
        table.wrong("manifest", url.error());
        return {};
    }
    if (text->ends_with('/')) {
        table.wrong("manifest",
                    fmt::format("{} is a folder's URL, not a file's", in_quotes(*text)));
        return {};
    }
    url->pop_back();
    return *url;
}

std::chrono::seconds read_sync_grace(TomlTable& table) {
    const auto usual = Distribution{}.sync_grace;
    const auto text = table.text("sync_grace");
    const auto grace = text ? parse_duration(*text) : usual;
    if (!grace) {
        table.wrong(
            "sync_grace",
            fmt::format(R"({} is not a time such as "90m", "6h", "2d" or "1w")", in_quotes(*text)));
    }
    return grace.value_or(usual);
}

std::vector<std::string> read_disable_when(TomlTable& table) {
    std::vector<std::string> words;
    Doubles doubles;
    for (const auto& [text, line] : table.texts("disable_when", {0, reasons_max})) {
        const auto reason = parse_disable_reason(text);
        if (reason.has_error()) {
            table.errors().add(line, fmt::format("disable_when: {}", reason.error()));
            continue;
        }
        words.push_back(to_string(*reason));
        doubles.note("the reason", words.back(), line, table.errors());
    }
    return words;
}

}  // namespace

void read_policy(TomlTable& table, Distribution& distribution) {
    const Distribution usual;
    distribution.keyring = read_keyring(table);
    distribution.sync_grace = read_sync_grace(table);
    distribution.disable_when = read_disable_when(table);
    distribution.failures_before_disable = table.number("failures_before_disable", probes_range)
                                               .value_or(usual.failures_before_disable);
    distribution.successes_before_enable = table.number("successes_before_enable", probes_range)
                                               .value_or(usual.successes_before_enable);
    distribution.never_below =
        table.number("never_below", never_below_range).value_or(usual.never_below);
    distribution.deep_every =
        table.number("deep_every", deep_every_range).value_or(usual.deep_every);
    distribution.manifest = read_manifest(table);
}

}  // namespace model
