#include "model/toml_nesting.hpp"

#include <algorithm>
#include <cstddef>

namespace model {
namespace {

/// How many bytes the string has that `text` begins with. One that its line ends
/// before its mark is no TOML; there the parser stops too.
std::size_t string_bytes(std::string_view text) noexcept {
    const char mark = text.front();
    const bool is_long = text.size() >= 3 && text[1] == mark && text[2] == mark;
    std::size_t at = is_long ? 3 : 1;
    while (at < text.size()) {
        if (text[at] == '\\' && mark == '"') {
            at += 2;
            continue;
        }
        if (!is_long && (text[at] == mark || text[at] == '\n')) {
            return text[at] == mark ? at + 1 : at;
        }
        if (is_long && text[at] == mark && text.substr(at, 3) == text.substr(0, 3)) {
            // The string itself may end in one or two marks.
            const auto marks = text.substr(at, 5).find_first_not_of(mark);
            return at + std::min(marks, text.substr(at, 5).size());
        }
        ++at;
    }
    return text.size();
}

}  // namespace

std::optional<int> line_of_deep_key(std::string_view toml, int parts_max) noexcept {
    int line = 1;
    int parts = 1;
    while (!toml.empty()) {
        std::size_t bytes = 1;
        switch (toml.front()) {
        case '"':
        case '\'': bytes = string_bytes(toml); break;
        case '#': bytes = std::min(toml.find('\n'), toml.size()); break;
        case '.': ++parts; break;
        case '\n':
        case '=':
        case ',':
        case '[':
        case ']':
        case '{':
        case '}': parts = 1; break;
        default: break;
        }
        if (parts > parts_max) {
            return line;
        }
        line += static_cast<int>(
            std::count(toml.begin(), toml.begin() + static_cast<std::ptrdiff_t>(bytes), '\n'));
        toml.remove_prefix(bytes);
    }
    return std::nullopt;
}

}  // namespace model
