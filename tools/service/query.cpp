#include "tools/service/query.hpp"

#include "model/country.hpp"
#include "model/duration_text.hpp"
#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace service {
namespace {

constexpr std::size_t text_bytes_max = 200;
constexpr std::size_t cursor_bytes_max = 1'000;
constexpr std::size_t list_items_max = 50;
constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::optional<std::string> Query::text(std::string_view name) {
    known_.emplace(name);
    std::optional<std::string> found;
    for (const auto& [key, value] : request_.query) {
        if (key != name) {
            continue;
        }
        if (found) {
            refuse(name, "given once");
        }
        found = value;
    }
    if (found && found->size() > (name == "cursor" ? cursor_bytes_max : text_bytes_max)) {
        refuse(name, "shorter");
        return std::nullopt;
    }
    return found;
}

std::optional<bool> Query::yes_no(std::string_view name) {
    return word(
        name,
        [](std::string_view given) -> std::optional<bool> {
            if (given == "true" || given == "false") {
                return given == "true";
            }
            return std::nullopt;
        },
        "true or false");
}

std::optional<std::uint32_t> Query::number(std::string_view name, Range range) {
    return word(
        name,
        [&](std::string_view given) -> std::optional<std::uint32_t> {
            std::uint32_t value = 0;
            const char* const end = given.data() + given.size();
            const auto [stop, error] = std::from_chars(given.data(), end, value);
            if (error != std::errc{} || stop != end || value < range.least || value > range.most) {
                return std::nullopt;
            }
            return value;
        },
        fmt::format("a whole number from {} to {}", range.least, range.most));
}

std::optional<model::Timestamp> Query::time(std::string_view name) {
    return word(name, model::parse_timestamp, "a time such as 2026-01-02T03:04:05Z");
}

std::optional<std::chrono::seconds> Query::duration(std::string_view name) {
    return word(name, model::parse_duration, "a duration such as 30m, 6h, 7d or 2w");
}

std::optional<std::vector<std::string>> Query::list(std::string_view name) {
    const auto given = text(name);
    if (!given) {
        return std::nullopt;
    }
    std::vector<std::string> items;
    for (std::string_view rest = *given;;) {
        const auto comma = rest.find(',');
        items.emplace_back(rest.substr(0, comma));
        if (comma == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(comma + 1);
    }
    if (items.size() > list_items_max) {
        refuse(name, fmt::format("at most {} words", list_items_max));
        return std::nullopt;
    }
    return items;
}

std::optional<std::string> Query::country(std::string_view name) {
    return word(
        name,
        [](std::string_view given) -> std::optional<std::string> {
            std::string code{given};
            std::ranges::transform(code, code.begin(), [](char c) {
                return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            });
            if (model::country_name(code).empty()) {
                return std::nullopt;
            }
            return code;
        },
        "a country's two letters, ISO 3166-1 alpha-2");
}

void Query::refuse(std::string_view name, std::string_view what) {
    if (!fault_.empty()) {
        return;
    }
    const auto given = query_value(request_, name).value_or("");
    const bool is_long = given.size() > text_bytes_max;
    fault_ = fmt::format(R"(The parameter "{}" is "{}{}" and should be {}.)", name,
                         is_long ? "" : model::one_line(given), is_long ? "…" : "", what);
}

std::optional<Response> Query::fault() const {
    std::string detail = fault_;
    if (detail.empty()) {
        const auto unknown = std::ranges::find_if(
            request_.query, [&](const auto& one) { return !known_.contains(one.first); });
        if (unknown == request_.query.end()) {
            return std::nullopt;
        }
        std::string names;
        for (const std::string& name : known_) {
            names += (names.empty() ? "" : ", ") + name;
        }
        detail = fmt::format(
            "There is no parameter \"{}\" here{}{}.",
            unknown->first.size() > text_bytes_max ? "…" : model::one_line(unknown->first),
            names.empty() ? "; there is none" : "; there are ", names);
    }
    return problem(400, "Wrong parameter", detail);
}

std::string encode_cursor(std::string_view text) {
    std::string cursor;
    cursor.reserve(text.size() * 2);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        cursor += digits[byte >> 4U];
        cursor += digits[byte & 15U];
    }
    return cursor;
}

std::optional<std::string> decode_cursor(std::string_view cursor) {
    if (cursor.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string text;
    text.reserve(cursor.size() / 2);
    for (std::size_t i = 0; i < cursor.size(); i += 2) {
        const auto high = digits.find(cursor[i]);
        const auto low = digits.find(cursor[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        text += static_cast<char>(high << 4U | low);
    }
    return text;
}

}  // namespace service
