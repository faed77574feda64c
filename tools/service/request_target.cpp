#include "tools/service/request_target.hpp"

#include "tools/service/percent_coding.hpp"

#include <algorithm>
#include <cctype>

namespace service {
namespace {

bool has_prefix_of_any_case(std::string_view text, std::string_view lower_case) noexcept {
    return text.size() >= lower_case.size() &&
           std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char a, char b) {
               return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
           });
}

/// Source: RFC 9112, section 3.2.2: a server must take the absolute form.
std::string without_origin(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (has_prefix_of_any_case(target, scheme)) {
            target.remove_prefix(scheme.size());
            target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
            return (target.starts_with('/') ? "" : "/") + std::string(target);
        }
    }
    return std::string(target);
}

bool has_strange_segment(std::string_view path) noexcept {
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        const auto segment = path.substr(0, end);
        const bool is_last = end == path.size();
        if (segment == "." || segment == ".." || (segment.empty() && !is_last)) {
            return true;
        }
        path.remove_prefix(end);
    }
    return false;
}

}  // namespace

boost::system::result<RequestTarget, TargetFault> parse_target(std::string_view sent,
                                                               std::string_view base_path) {
    const std::string whole = without_origin(sent);
    const std::string_view target = whole;
    const auto question = std::min(target.find('?'), target.size());
    const auto escaped_path = target.substr(0, question);
    auto query = parse_form(target.substr(std::min(question + 1, target.size())));
    if (!query || !escaped_path.starts_with('/') || target.find('#') != std::string_view::npos) {
        return TargetFault::malformed;
    }
    // An escaped slash would be one after decoding, and another segment.
    auto path = percent_decode(escaped_path, Plus::itself);
    if (!path || path->find('\\') != std::string::npos ||
        std::ranges::count(*path, '/') != std::ranges::count(escaped_path, '/')) {
        return TargetFault::malformed;
    }
    if (has_strange_segment(*path)) {
        return TargetFault::leaves_place;
    }
    if (!path->starts_with(base_path)) {
        return TargetFault::other_place;
    }
    path->erase(0, base_path.size());
    if (path->empty()) {
        path->assign("/");
    }
    if (!path->starts_with('/')) {
        return TargetFault::other_place;  // "/branch1/ubuntu2"
    }
    return RequestTarget{std::move(*path), std::move(*query)};
}

bool is_base_path(std::string_view text) noexcept {
    const auto is_allowed = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' ||
               c == '~' || c == '-' || c == '/';
    };
    return text.empty() || (text.starts_with('/') && !text.ends_with('/') && text.size() <= 200 &&
                            std::ranges::all_of(text, is_allowed) && !has_strange_segment(text));
}

}  // namespace service
