#include "model/directory_listing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace model {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t words_beside_max = 20;  // after a link, up to the next

constexpr bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_plain_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= name_bytes_max && name.front() != '.' &&
           std::ranges::all_of(name, [](char c) {
               return is_letter(c) || is_digit(c) ||
                      std::string_view{"-._~+"}.find(c) != std::string_view::npos;
           });
}

/// The next attribute href, and `page` from behind it; empty at the end.
std::optional<std::string_view> take_link(std::string_view& page) noexcept {
    constexpr std::string_view attribute = "href=";
    const auto* const found = std::search(
        page.begin(), page.end(), attribute.begin(), attribute.end(),
        [](char a, char b) { return a == b || (is_letter(a) && static_cast<char>(a | ' ') == b); });
    if (found == page.end()) {
        return std::nullopt;
    }
    page.remove_prefix(static_cast<std::size_t>(found - page.begin()) + attribute.size());
    if (page.empty() || (page.front() != '"' && page.front() != '\'')) {
        return std::string_view{};
    }
    const char quote = page.front();
    page.remove_prefix(1);
    const auto link = page.substr(0, page.find_first_of(quote == '"' ? "\"<" : "'<"));
    page.remove_prefix(link.size());
    return link;
}

std::optional<unsigned> number(std::string_view text) noexcept {
    unsigned value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

std::optional<unsigned> month(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto* const found = std::ranges::find(names, text);
    return found == names.end() ? number(text)
                                : std::optional(static_cast<unsigned>(found - names.begin()) + 1);
}

/// "2026-11-21" (Apache), "21-Nov-2026" (nginx), "2026-Nov-21" (lighttpd).
std::optional<std::chrono::sys_days> parse_day(std::string_view word) noexcept {
    const auto first = word.find('-');
    const auto second = word.find('-', std::min(first, word.size() - 1) + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
        return std::nullopt;
    }
    auto year = number(word.substr(0, first));
    auto day = number(word.substr(second + 1));
    const auto in_year = month(word.substr(first + 1, second - first - 1));
    if (!year || !day || !in_year) {
        return std::nullopt;
    }
    if (*day > *year) {
        std::swap(year, day);
    }
    constexpr unsigned year_max = 9999;
    const std::chrono::year_month_day date{
        std::chrono::year{static_cast<int>(std::min(*year, year_max))},
        std::chrono::month{*in_year}, std::chrono::day{*day}};
    return date.ok() ? std::optional(std::chrono::sys_days{date}) : std::nullopt;
}

/// "08:12", "08:12:05"
std::optional<std::chrono::minutes> parse_clock(std::string_view word) noexcept {
    constexpr std::size_t colon = 2;
    constexpr std::size_t length_min = 5;
    if (word.size() < length_min || word[colon] != ':') {
        return std::nullopt;
    }
    const auto hour = number(word.substr(0, colon));
    const auto minute = number(word.substr(colon + 1, 2));
    constexpr unsigned hours_a_day = 24;
    constexpr unsigned minutes_an_hour = 60;
    if (!hour || !minute || *hour >= hours_a_day || *minute >= minutes_an_hour) {
        return std::nullopt;
    }
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute};
}

/// The first day and time of day in the text beside a link.
std::optional<Timestamp> find_time(std::string_view text) noexcept {
    std::optional<std::chrono::sys_days> day;
    const auto is_of_word = [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == ':';
    };
    for (std::size_t i = 0; i < words_beside_max; ++i) {
        const auto* const begin = std::ranges::find_if(text, is_of_word);
        text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
        const auto* const end = std::ranges::find_if_not(text, is_of_word);
        const auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
        text.remove_prefix(word.size());
        if (word.empty()) {
            break;
        }
        if (const auto clock = parse_clock(word); day && clock) {
            return *day + *clock;
        }
        if (const auto found = parse_day(word)) {
            day = found;
        }
    }
    return std::nullopt;
}

/// Up to the next link, and not further than a line of a table may be long.
std::string_view beside(std::string_view page) noexcept {
    constexpr std::size_t bytes_max = 1000;
    auto text = page.substr(0, bytes_max);
    return text.substr(0, text.find("<a "));
}

}  // namespace

std::vector<ListedFile> parse_listing(std::string_view page, std::size_t files_max) {
    std::vector<ListedFile> files;
    while (files.size() < files_max) {
        const auto link = take_link(page);
        if (!link) {
            break;
        }
        const auto name = link->starts_with("./") ? link->substr(2) : *link;
        if (is_plain_name(name) &&
            std::ranges::find(files, name, &ListedFile::name) == files.end()) {
            files.push_back({.name = std::string(name), .modified = find_time(beside(page))});
        }
    }
    return files;
}

std::vector<std::string> choose_traces(const std::vector<ListedFile>& files,
                                       std::string_view host) {
    constexpr std::string_view master = "master";
    std::vector<std::string> chosen;
    const auto add = [&chosen](const ListedFile& file) {
        if (std::ranges::find(chosen, file.name) == chosen.end()) {
            chosen.push_back(file.name);
        }
    };
    const auto add_named = [&](std::string_view name) {
        const auto found = std::ranges::find(files, name, &ListedFile::name);
        if (found != files.end()) {
            add(*found);
        }
    };
    add_named(host);
    // ftpsync keeps lists of its own there, "_hierarchy" and "_traces".
    const ListedFile* newest = nullptr;
    for (const auto& file : files) {
        if (file.modified && !file.name.starts_with('_') &&
            (newest == nullptr || *newest->modified < *file.modified)) {
            newest = &file;
        }
    }
    if (newest != nullptr) {
        add(*newest);
    }
    add_named(master);
    return chosen;
}

}  // namespace model
