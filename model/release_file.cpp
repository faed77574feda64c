#include "model/release_file.hpp"

#include "model/deb822.hpp"
#include "model/text_rules.hpp"
#include "model/written_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace model {
namespace {

constexpr std::size_t text_bytes_max = 16UL * 1024 * 1024;
constexpr std::string_view blanks = " \t\r\n";

constexpr std::string_view sha256_field = "SHA256";
constexpr std::string_view sha512_field = "SHA512";

bool is_sha512(std::string_view word) noexcept {
    constexpr std::size_t digits = 128;
    return word.size() == digits && std::ranges::all_of(word, [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
                      (letter >= 'A' && letter <= 'F');
           });
}

/// The first word, and `text` without it; empty at the end.
std::string_view take_word(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const auto word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    return word;
}

/// Builds the Release field by field, and keeps the first thing that is wrong.
class ReleaseReader {
public:
    explicit ReleaseReader(const Stanza& stanza) : stanza_{stanza} {}

    std::string text(std::string_view name) {
        const auto value = single(name);
        if (!is_plain_text(value, Lines::one)) {
            fault(value, fmt::format("{}: {} is not one line of text", name, in_quotes(value)));
        }
        return std::string(value);
    }

    std::optional<Timestamp> date(std::string_view name) {
        const auto value = single(name);
        const auto moment = parse_release_date(value);
        if (!moment && stanza_.has(name)) {
            fault(value, fmt::format("{}: {} is no date such as \"Sat, 21 Nov 2026 08:00:00 UTC\"",
                                     name, in_quotes(value)));
        }
        return moment;
    }

    /// Words that become folders, each once.
    template <class Rewrite>
    std::vector<std::string> words(std::string_view name, Rewrite rewrite) {
        std::vector<std::string> words;
        for (auto rest = single(name); !rest.empty();) {
            const auto given = take_word(rest);
            const auto word = rewrite(given);
            if (word.empty()) {
                continue;
            }
            if (!is_archive_word(word)) {
                fault(given, fmt::format("{}: {} is not valid here", name, in_quotes(given)));
            } else if (std::find(words.begin(), words.end(), word) == words.end()) {
                words.emplace_back(word);
            }
        }
        return words;
    }

    /// `field`: SHA256 or SHA512.
    std::vector<ReleaseEntry> entries(std::string_view field) {
        std::vector<ReleaseEntry> entries;
        for (auto rest = single(field); !rest.empty() && !fault_;) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (line.find_first_not_of(blanks) != std::string_view::npos) {
                entries.push_back(entry(line, field));
            }
        }
        std::stable_sort(entries.begin(), entries.end(), [](const auto& left, const auto& right) {
            return left.path < right.path;
        });
        entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
        const auto twice = std::adjacent_find(
            entries.begin(), entries.end(),
            [](const auto& left, const auto& right) { return left.path == right.path; });
        if (twice != entries.end()) {
            fault({}, fmt::format("{} is named twice, with different contents",
                                  in_quotes(twice->path)));
        }
        return entries;
    }

    void must_have(std::string_view name) {
        if (!stanza_.has(name)) {
            fault({}, fmt::format("there is no field {}", name));
        }
    }

    std::optional<TextFault> take_fault() { return std::move(fault_); }

private:
    std::string_view single(std::string_view name) {
        const auto value = stanza_.field(name);
        if (stanza_.count(name) > 1) {
            fault({}, fmt::format("the field {} is there twice", name));
        }
        return value;
    }

    /// " HASH SIZE PATH"
    ReleaseEntry entry(std::string_view line, std::string_view field) {
        const auto begin = line;
        const auto hash = take_word(line);
        const auto size = take_word(line);
        auto path = take_word(line);
        if (path.empty() || !take_word(line).empty()) {
            fault(begin,
                  fmt::format("a line of the field {} is not a hash, a size and a path", field));
            return {};
        }
        const bool is_sha256 = field == sha256_field;
        const auto sha256 = is_sha256 ? parse_sha256(hash) : std::optional(Sha256{});
        if (!sha256 || (!is_sha256 && !is_sha512(hash))) {
            fault(begin,
                  fmt::format("{} is no SHA-{} hash", in_quotes(hash), is_sha256 ? 256 : 512));
            return {};
        }
        ReleaseEntry entry;
        entry.sha256 = *sha256;
        const auto [end, error] =
            std::from_chars(size.data(), size.data() + size.size(), entry.size);
        if (error != std::errc{} || end != size.data() + size.size()) {
            fault(begin, fmt::format("the size {} is not a number of bytes", in_quotes(size)));
        }
        while (path.starts_with("./")) {  // as flat archives write it
            path.remove_prefix(2);
        }
        if (!is_relative_path(path)) {
            fault(begin, fmt::format("the path {} does not stay below the suite's folder, or has "
                                     "characters that no index has",
                                     in_quotes(path)));
        }
        entry.path = path;
        return entry;
    }

    void fault(std::string_view part, std::string what) {
        if (!fault_) {
            fault_ = TextFault{part.data() == nullptr ? 0 : stanza_.line_of(part), std::move(what)};
        }
    }

    const Stanza& stanza_;
    std::optional<TextFault> fault_;
};

/// "updates/main", as security archives write it, is the component main.
std::string_view without_folder(std::string_view component) noexcept {
    return component.substr(component.rfind('/') + 1);
}

std::string_view unless_a_pseudo_architecture(std::string_view word) noexcept {
    return word == "all" || word == "source" ? std::string_view{} : word;
}

boost::system::result<Release, TextFault> read(const Stanza& stanza) {
    ReleaseReader reader(stanza);
    Release release;
    release.origin = reader.text("Origin");
    release.label = reader.text("Label");
    release.suite = reader.text("Suite");
    release.codename = reader.text("Codename");
    release.version = reader.text("Version");
    reader.must_have("Date");
    release.date = reader.date("Date").value_or(Timestamp{});
    release.valid_until = reader.date("Valid-Until");
    release.architectures = reader.words("Architectures", unless_a_pseudo_architecture);
    release.components = reader.words("Components", without_folder);
    release.has_sha256 = stanza.has(sha256_field) || !stanza.has(sha512_field);
    release.acquire_by_hash = reader.text("Acquire-By-Hash") == "yes" && release.has_sha256;
    if (release.has_sha256) {
        reader.must_have(sha256_field);
    }
    release.entries = reader.entries(release.has_sha256 ? sha256_field : sha512_field);
    if (auto fault = reader.take_fault()) {
        return std::move(*fault);
    }
    return release;
}

}  // namespace

boost::system::result<Release, TextFault> parse_release(std::string_view text) {
    if (text.size() > text_bytes_max) {
        return TextFault{0, "the text is larger than 16 MiB"};
    }
    std::optional<boost::system::result<Release, TextFault>> release;
    std::optional<TextFault> second;
    Deb822Reader reader({.stanza_bytes_max = text_bytes_max}, [&](const Stanza& stanza) {
        if (!release) {
            release = read(stanza);
        } else if (!second) {
            second = TextFault{stanza.line_of(stanza.text()), "a second stanza begins"};
        }
    });
    auto fault = reader.feed(text);
    if (!fault) {
        fault = reader.finish();
    }
    if (fault) {
        return std::move(*fault);
    }
    if (second) {
        return std::move(*second);
    }
    if (!release) {
        return TextFault{0, "the text is empty"};
    }
    return std::move(*release);
}

const ReleaseEntry* find_entry(const Release& release, std::string_view path) noexcept {
    const auto found =
        std::lower_bound(release.entries.begin(), release.entries.end(), path,
                         [](const auto& entry, auto wanted) { return entry.path < wanted; });
    return found == release.entries.end() || found->path != path ? nullptr : &*found;
}

}  // namespace model
