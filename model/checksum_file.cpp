#include "model/checksum_file.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace model {
namespace {

constexpr std::size_t text_bytes_max = 16UL * 1024 * 1024;
constexpr std::size_t digest_digits = 64;

/// What `sha256sum` writes for a name with a line end or a backslash in it.
std::optional<std::string> unescaped(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            name += text[i];
            continue;
        }
        if (++i == text.size()) {
            return std::nullopt;
        }
        switch (text[i]) {
        case 'n': name += '\n'; break;
        case 'r': name += '\r'; break;
        case '\\': name += '\\'; break;
        default: return std::nullopt;
        }
    }
    return name;
}

std::optional<Checksum> parse_line(std::string_view line) {
    const bool is_escaped = line.starts_with('\\');
    line.remove_prefix(is_escaped ? 1 : 0);
    constexpr std::size_t separator_bytes = 2;
    if (line.size() <= digest_digits + separator_bytes) {
        return std::nullopt;
    }
    const auto separator = line.substr(digest_digits, separator_bytes);
    const auto sha256 = parse_sha256(line.substr(0, digest_digits));
    auto name = line.substr(digest_digits + separator_bytes);
    while (name.starts_with("./")) {
        name.remove_prefix(2);
    }
    auto text = is_escaped ? unescaped(name) : std::optional<std::string>(name);
    if (!sha256 || !text || text->empty() || (separator != "  " && separator != " *")) {
        return std::nullopt;
    }
    return Checksum{std::move(*text), *sha256};
}

}  // namespace

boost::system::result<std::vector<Checksum>, TextFault> parse_checksums(std::string_view text) {
    if (text.size() > text_bytes_max) {
        return TextFault{0, "the text is larger than 16 MiB"};
    }
    std::vector<Checksum> checksums;
    for (int number = 1; !text.empty(); ++number) {
        const auto whole = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(whole.size() + 1, text.size()));
        const auto line = whole.ends_with('\r') ? whole.substr(0, whole.size() - 1) : whole;
        if (line.empty()) {
            continue;
        }
        auto checksum = parse_line(line);
        if (!checksum) {
            return TextFault{number,
                             fmt::format("{} is not a SHA-256 sum and a name", in_quotes(line))};
        }
        checksums.push_back(std::move(*checksum));
    }
    std::stable_sort(checksums.begin(), checksums.end(),
                     [](const auto& left, const auto& right) { return left.name < right.name; });
    checksums.erase(std::unique(checksums.begin(), checksums.end()), checksums.end());
    const auto twice = std::adjacent_find(
        checksums.begin(), checksums.end(),
        [](const auto& left, const auto& right) { return left.name == right.name; });
    if (twice != checksums.end()) {
        return TextFault{0, fmt::format("{} has two different sums", in_quotes(twice->name))};
    }
    return checksums;
}

const Checksum* find_difference(const std::vector<Checksum>& expected,
                                const std::vector<Checksum>& checksums) noexcept {
    const auto differs =
        std::find_if(expected.begin(), expected.end(), [&checksums](const Checksum& wanted) {
            const auto* const found = find_checksum(checksums, wanted.name);
            return found == nullptr || found->sha256 != wanted.sha256;
        });
    return differs == expected.end() ? nullptr : &*differs;
}

const Checksum* find_checksum(const std::vector<Checksum>& checksums,
                              std::string_view name) noexcept {
    const auto found =
        std::lower_bound(checksums.begin(), checksums.end(), name,
                         [](const auto& checksum, auto wanted) { return checksum.name < wanted; });
    return found == checksums.end() || found->name != name ? nullptr : &*found;
}

}  // namespace model
