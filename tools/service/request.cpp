#include "tools/service/request.hpp"

#include <algorithm>

namespace service {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::optional<std::string_view> first_of(const Pairs& pairs, std::string_view name) noexcept {
    const auto found = std::ranges::find(pairs, name, &Pairs::value_type::first);
    return found == pairs.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<std::string_view> query_value(const Request& request,
                                            std::string_view name) noexcept {
    return first_of(request.query, name);
}

std::optional<std::string_view> field(const Request& request,
                                      std::string_view lower_case_name) noexcept {
    return first_of(request.fields, lower_case_name);
}

std::string_view capture(const Request& request, std::string_view name) noexcept {
    return first_of(request.captures, name).value_or(std::string_view());
}

// Source: RFC 6265, section 5.4; HTTP/2 proxies may split the field (RFC 9113, 8.2.3).
std::optional<std::string_view> cookie(const Request& request, std::string_view name) noexcept {
    for (const auto& [field_name, value] : request.fields) {
        if (field_name != "cookie") {
            continue;
        }
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            const auto pair = trim(rest.substr(0, end));
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos && trim(pair.substr(0, equals)) == name) {
                return trim(pair.substr(equals + 1));
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return std::nullopt;
}

}  // namespace service
