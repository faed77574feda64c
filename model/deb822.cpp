#include "model/deb822.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace model {
namespace {

constexpr char to_lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_same_name(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           (left == right ||
            std::equal(left.begin(), left.end(), right.begin(),
                       [](char one, char other) { return to_lower(one) == to_lower(other); }));
}

constexpr bool is_blank(char letter) noexcept {
    return letter == ' ' || letter == '\t';
}

/// A separator between stanzas. As for apt, a line of blanks is none: it continues a field.
bool is_empty_line(std::string_view line) noexcept {
    return line == "\n" || line == "\r\n";
}

/// Without what surrounds a value: blanks before it, blanks and line ends after it.
std::string_view trimmed(std::string_view value) noexcept {
    const auto first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    value.remove_prefix(first);
    return value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
}

/// Source: Debian Policy, section 5.1: US-ASCII without blanks, control characters and colons,
/// and neither "#" nor "-" first.
bool is_field_name(std::string_view name) noexcept {
    return !name.empty() && name.front() != '#' && name.front() != '-' &&
           std::all_of(name.begin(), name.end(),
                       [](char letter) { return letter > ' ' && letter <= '~'; });
}

int lines_in(std::string_view text) noexcept {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

/// A line for a message.
std::string shown(std::string_view line) {
    return in_quotes(line.substr(0, line.find_last_not_of("\r\n") + 1));
}

/// The first line with its line end; all of it where there is none.
std::string_view first_line(std::string_view text) noexcept {
    const auto* const end = static_cast<const char*>(std::memchr(text.data(), '\n', text.size()));
    return end == nullptr ? text : text.substr(0, static_cast<std::size_t>(end - text.data()) + 1);
}

}  // namespace

const Stanza::Field* Stanza::find(std::string_view name) const noexcept {
    const auto found = std::find_if(fields_.begin(), fields_.end(), [name](const Field& field) {
        return is_same_name(field.name, name);
    });
    return found == fields_.end() ? nullptr : &*found;
}

std::string_view Stanza::field(std::string_view name) const noexcept {
    const auto* const found = find(name);
    return found == nullptr ? std::string_view{} : trimmed(found->value);
}

bool Stanza::has(std::string_view name) const noexcept {
    return find(name) != nullptr;
}

std::size_t Stanza::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(fields_.begin(), fields_.end(),
                      [name](const Field& field) { return is_same_name(field.name, name); }));
}

int Stanza::line_of(std::string_view part) const noexcept {
    return line_ + static_cast<int>(std::count(text_.data(), part.data(), '\n'));
}

Deb822Reader::Deb822Reader(Limits limits, std::function<void(const Stanza&)> on_stanza)
    : limits_{limits}, on_stanza_{std::move(on_stanza)} {}

std::optional<TextFault> Deb822Reader::feed(std::string_view chunk) {
    if (const auto nul = chunk.find('\0'); !fault_ && nul != std::string_view::npos) {
        const auto before = chunk.substr(0, nul);
        stop(line_ + lines_in(kept_) + lines_in(before), "there is a NUL byte");
    }
    while (!fault_ && !chunk.empty()) {
        chunk.remove_prefix(kept_.empty() ? read_whole_stanzas(chunk) : complete_kept(chunk));
    }
    return fault_;
}

std::optional<TextFault> Deb822Reader::finish() {
    if (!fault_ && !kept_.empty()) {
        // The line end that the last line may lack, and the empty line after the stanza.
        complete_kept(kept_.back() == '\n' ? "\n" : "\n\n");
    }
    return fault_;
}

/// Calls back for what is complete, without a copy, and keeps the rest. Everything is used.
std::size_t Deb822Reader::read_whole_stanzas(std::string_view text) {
    std::size_t begin = 0;
    int line = line_;
    std::size_t at = 0;
    while (at < text.size() && !fault_) {
        const auto next = first_line(text.substr(at));
        if (next.back() != '\n') {
            break;
        }
        if (!is_empty_line(next)) {
            add_line(next, line);
        } else {
            emit(text.substr(begin, at - begin));
            begin = at + next.size();
            line_ = line + 1;
        }
        at += next.size();
        ++line;
    }
    stanza_.fields_.clear();
    if (!fault_) {
        keep(text.substr(begin));
    }
    return text.size();
}

/// Adds lines to the stanza that is kept, until it is complete. What was used of them.
std::size_t Deb822Reader::complete_kept(std::string_view chunk) {
    std::size_t used = 0;
    while (used < chunk.size() && !fault_) {
        const auto next = first_line(chunk.substr(used));
        const auto line_begin = kept_line_;
        used += next.size();
        if (!keep(next) || next.back() != '\n') {
            continue;
        }
        if (is_empty_line(std::string_view(kept_).substr(line_begin))) {
            read_kept(line_begin);
            break;
        }
    }
    return used;
}

/// The first `bytes` of what is kept are a stanza; an empty line follows.
void Deb822Reader::read_kept(std::size_t bytes) {
    const auto text = std::string_view(kept_).substr(0, bytes);
    int line = line_;
    for (auto rest = text; !rest.empty() && !fault_;) {
        const auto next = first_line(rest);
        add_line(next, line++);
        rest.remove_prefix(next.size());
    }
    if (!fault_) {
        emit(text);
    }
    line_ = line + 1;
    stanza_.fields_.clear();
    kept_.clear();
    kept_line_ = 0;
}

bool Deb822Reader::keep(std::string_view part) {
    constexpr std::size_t empty_line_bytes = 2;  // which may be kept with it, and is none of it
    const auto bytes = kept_.size() + part.size();
    if (bytes > empty_line_bytes && bytes - empty_line_bytes > limits_.stanza_bytes_max) {
        return stop_too_large();
    }
    kept_ += part;
    const auto line_end = part.rfind('\n');
    if (line_end != std::string_view::npos) {
        kept_line_ = kept_.size() - part.size() + line_end + 1;
    }
    return true;
}

bool Deb822Reader::add_line(std::string_view line, int number) {
    auto& fields = stanza_.fields_;
    if (is_blank(line.front())) {
        if (fields.empty()) {
            return stop(number, "the stanza begins with a line that continues a field");
        }
        auto& value = fields.back().value;
        value = {value.data(), static_cast<std::size_t>(&line.back() + 1 - value.data())};
        return true;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
        return stop(number, fmt::format("{} is no field: it has no colon", shown(line)));
    }
    const auto name = line.substr(0, colon);
    if (!is_field_name(name)) {
        return stop(number,
                    fmt::format("{} is no field: no name is before its colon", shown(line)));
    }
    fields.push_back({name, line.substr(colon + 1)});
    return true;
}

void Deb822Reader::emit(std::string_view text) {
    if (text.size() > limits_.stanza_bytes_max) {
        stop_too_large();
        return;
    }
    if (!stanza_.fields_.empty()) {
        stanza_.text_ = text;
        stanza_.line_ = line_;
        on_stanza_(stanza_);
        stanza_.fields_.clear();
    }
}

bool Deb822Reader::stop_too_large() {
    return stop(line_, fmt::format("the stanza that begins here is larger than {} bytes",
                                   limits_.stanza_bytes_max));
}

bool Deb822Reader::stop(int line, std::string what) {
    fault_ = TextFault{line, std::move(what)};
    kept_ = {};  // memory that nobody needs now
    kept_line_ = 0;
    return false;
}

}  // namespace model
