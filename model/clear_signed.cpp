#include "model/clear_signed.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace model {
namespace {

constexpr std::string_view begin_message = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view begin_signature = "-----BEGIN PGP SIGNATURE-----";
constexpr std::string_view end_signature = "-----END PGP SIGNATURE-----";

/// Takes lines from a text, each without its line end and the blanks before that.
class LineReader {
public:
    explicit LineReader(std::string_view text) : rest_{text} {}

    /// Empty after the last.
    std::optional<std::string_view> next() {
        if (rest_.empty()) {
            return std::nullopt;
        }
        const auto line = rest_.substr(0, rest_.find('\n'));
        rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
        ++number_;
        whole_ = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
        return whole_.substr(0, whole_.find_last_not_of(" \t") + 1);
    }

    /// The last line with the blanks at its end.
    std::string_view whole() const { return whole_; }
    int number() const { return number_; }

private:
    std::string_view rest_;
    std::string_view whole_;
    int number_ = 0;
};

/// The first that readers could disagree on; tabs and the two forms of line ends are none.
std::optional<TextFault> control_character(std::string_view text) {
    const auto is_wrong = [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte < ' ' && letter != '\t' && letter != '\n';
    };
    const auto* at = std::find_if(text.begin(), text.end(), is_wrong);
    while (at != text.end() && *at == '\r' && at + 1 != text.end() && *(at + 1) == '\n') {
        at = std::find_if(at + 1, text.end(), is_wrong);
    }
    if (at == text.end()) {
        return std::nullopt;
    }
    return TextFault{1 + static_cast<int>(std::count(text.begin(), at, '\n')),
                     *at == '\0'   ? "there is a NUL byte"
                     : *at == '\r' ? "there is a carriage return inside a line"
                                   : "there is a control character"};
}

/// "Hash: SHA256", "Hash: SHA256, SHA512"
bool is_hash_header(std::string_view line) {
    constexpr std::string_view key = "Hash: ";
    return line.starts_with(key) && line.size() > key.size() &&
           std::all_of(line.begin() + key.size(), line.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= 'a' && letter <= 'z') || letter == ',' || letter == ' ' ||
                      letter == '-';
           });
}

using Fault = std::optional<TextFault>;

Fault at(const LineReader& lines, std::string what) {
    return TextFault{lines.number(), std::move(what)};
}

Fault read_headers(LineReader& lines) {
    const auto first = lines.next();
    if (first != begin_message) {
        return TextFault{first ? 1 : 0,
                         fmt::format("the text does not begin with {}", begin_message)};
    }
    while (const auto line = lines.next()) {
        if (lines.whole().empty()) {
            return std::nullopt;
        }
        if (!is_hash_header(*line)) {
            return at(lines, fmt::format("{} is neither a Hash header nor the empty line after it",
                                         in_quotes(*line)));
        }
    }
    return at(lines, "the text ends within the headers of the message");
}

Fault read_text(LineReader& lines, std::string& text) {
    while (auto line = lines.next()) {
        if (*line == begin_signature) {
            return std::nullopt;
        }
        if (line->starts_with('-')) {
            // What is left of "- " by the cut of blanks is an escaped line without text.
            if (!lines.whole().starts_with("- ")) {
                return at(lines, fmt::format("the line {} begins with a dash that is not escaped",
                                             in_quotes(*line)));
            }
            line->remove_prefix(std::min<std::size_t>(2, line->size()));
        }
        text.append(*line).push_back('\n');
    }
    return at(lines, "the text ends without a signature");
}

Fault read_signatures(LineReader& lines, std::string& signatures) {
    bool is_open = true;
    signatures.append(begin_signature).push_back('\n');
    while (const auto line = lines.next()) {
        if (is_open && line->starts_with('-') && *line != end_signature) {
            return at(lines, fmt::format("the line {} within a signature begins with a dash",
                                         in_quotes(*line)));
        }
        if (!is_open && *line != begin_signature) {
            return at(lines, fmt::format("{} follows the signature, and is not signed",
                                         line->empty() ? "an empty line" : in_quotes(*line)));
        }
        is_open = is_open ? *line != end_signature : true;
        signatures.append(*line).push_back('\n');
    }
    return is_open ? at(lines, fmt::format("the text ends without {}", end_signature))
                   : std::nullopt;
}

}  // namespace

boost::system::result<ClearSigned, TextFault> split_clear_signed(std::string_view in_release) {
    LineReader lines(in_release);
    ClearSigned parts;
    auto fault = control_character(in_release);
    if (!fault) {
        fault = read_headers(lines);
    }
    if (!fault) {
        fault = read_text(lines, parts.text);
    }
    if (!fault) {
        fault = read_signatures(lines, parts.signatures);
    }
    if (fault) {
        return std::move(*fault);
    }
    return parts;
}

boost::system::result<std::string, TextFault> signed_text(std::string_view in_release) {
    auto parts = split_clear_signed(in_release);
    if (parts.has_error()) {
        return std::move(parts).error();
    }
    return std::move(parts->text);
}

std::string as_signed_text(std::string_view release) {
    std::string text;
    text.reserve(release.size() + 1);
    LineReader lines(release);
    while (const auto line = lines.next()) {
        text.append(*line).push_back('\n');
    }
    return text;
}

}  // namespace model
