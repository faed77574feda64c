#include "tools/service/negotiation.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace service {
namespace {

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What stands before the next `mark`; takes it off, with the mark.
std::string_view take_until(std::string_view& text, char mark) noexcept {
    const auto end = std::min(text.find(mark), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trim(part);
}

bool is_word(std::string_view text, std::string_view lower_case) noexcept {
    return std::ranges::equal(text, lower_case, [](char a, char b) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(a))) == b;
    });
}

/// A weight in thousandths: "0.5" is 500; 0 where it cannot be read.
int thousandths(std::string_view weight) noexcept {
    if (weight.empty() || (weight[0] != '0' && weight[0] != '1')) {
        return 0;
    }
    int value = weight[0] == '1' ? 1'000 : 0;
    int unit = 100;
    for (std::size_t i = 2; i < std::min<std::size_t>(weight.size(), 5); ++i, unit /= 10) {
        if (weight[i] < '0' || weight[i] > '9') {
            return 0;
        }
        value += (weight[i] - '0') * unit;
    }
    return std::min(value, 1'000);
}

int weight_of(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        auto parameter = take_until(parameters, ';');
        const auto name = take_until(parameter, '=');
        if (is_word(name, "q")) {
            return thousandths(trim(parameter));
        }
    }
    return 1'000;
}

/// "0", "0.", "0.000": not wanted at all. Anything else that begins with a digit is.
std::optional<bool> is_wanted(std::string_view weight) noexcept {
    if (weight.empty() || (weight[0] != '0' && weight[0] != '1')) {
        return std::nullopt;
    }
    return weight.find_first_not_of("0.") != std::string_view::npos;
}

/// Of one element of the list: "gzip;q=0.5".
std::optional<bool> element_lets(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        auto parameter = take_until(parameters, ';');
        const auto name = take_until(parameter, '=');
        if (is_word(name, "q")) {
            return is_wanted(trim(parameter));
        }
    }
    return true;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) noexcept {
    std::optional<bool> by_name;
    std::optional<bool> by_star;
    while (!accept_encoding.empty()) {
        auto element = take_until(accept_encoding, ',');
        const auto coding = take_until(element, ';');
        if (is_word(coding, "gzip") || is_word(coding, "x-gzip")) {
            by_name = element_lets(element).value_or(false);
        } else if (coding == "*") {
            by_star = element_lets(element).value_or(false);
        }
    }
    return by_name.value_or(by_star.value_or(false));
}

bool prefers_html(std::string_view accept) noexcept {
    int html = 0;
    int json = 0;
    while (!accept.empty()) {
        auto element = take_until(accept, ',');
        const auto type = take_until(element, ';');
        if (is_word(type, "text/html") || is_word(type, "application/xhtml+xml")) {
            html = std::max(html, weight_of(element));
        } else if (is_word(type, "application/json") || is_word(type, "application/problem+json")) {
            json = std::max(json, weight_of(element));
        }
    }
    return html > 0 && html > json;
}

bool names_entity_tag(std::string_view if_none_match, std::string_view tag) noexcept {
    if (trim(if_none_match) == "*") {
        return true;
    }
    if (tag.starts_with("W/")) {
        tag.remove_prefix(2);
    }
    std::string_view rest = if_none_match;
    for (;;) {
        const auto open = rest.find('"');
        if (open == std::string_view::npos) {
            return false;
        }
        const auto close = rest.find('"', open + 1);
        if (close == std::string_view::npos) {
            return false;
        }
        if (rest.substr(open, close - open + 1) == tag) {
            return true;
        }
        rest.remove_prefix(close + 1);
    }
}

}  // namespace service
