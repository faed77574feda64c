#include "model/branch_name.hpp"

#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"

#include <algorithm>
#include <cstddef>

namespace model {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t url_bytes_max = 1'000;
constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool has_only(std::string_view text, std::string_view first, std::string_view second,
              std::string_view third) noexcept {
    return std::ranges::all_of(text, [&](char c) {
        return first.find(c) != std::string_view::npos ||
               second.find(c) != std::string_view::npos || third.find(c) != std::string_view::npos;
    });
}

bool is_part(std::string_view part) noexcept {
    return !part.empty() && part.front() != '-' && part.front() != '.' &&
           has_only(part, letters, digits, "+._~@:-");
}

bool has_parts(std::string_view name) noexcept {
    for (;;) {
        const auto slash = name.find('/');
        if (!is_part(name.substr(0, slash))) {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        name.remove_prefix(slash + 1);
    }
}

bool is_file(std::string_view scheme) noexcept {
    return std::ranges::equal(scheme, std::string_view("file"),
                              [](char given, char letter) { return (given | 0x20) == letter; });
}

}  // namespace

std::string branch_name_fault(std::string_view name) {
    if (name.size() > name_bytes_max) {
        return "is longer than 200 bytes";
    }
    if (!has_parts(name)) {
        return "is no name for a branch: it is made of letters, digits and +._~@:- with / between "
               "its parts, and no part begins with - or .";
    }
    return has_only(name, digits, "", "") ? "is a number: branches have those already"
                                          : std::string();
}

std::string branch_url_fault(std::string_view url) {
    if (url.size() > url_bytes_max) {
        return "is longer than 1,000 bytes";
    }
    const auto end = url.find("://");
    if (end == std::string_view::npos || end == 0 ||
        letters.find(url.front()) == std::string_view::npos ||
        !has_only(url.substr(0, end), letters, digits, "+.-")) {
        return "is no URL: write https://host/path, or another scheme and what follows it";
    }
    if (!is_plain_text(url, Lines::one) || url.find(' ') != std::string_view::npos) {
        return "holds a blank or a control character";
    }
    if (is_file(url.substr(0, end))) {
        return "names a path of this machine, which no worker may read: give one that others reach";
    }
    const auto authority = url.substr(end + 3, url.find_first_of("/?#", end + 3) - (end + 3));
    const auto at = authority.rfind('@');
    const auto host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    if (host.empty() || host.front() == ':') {
        return "names no host: write https://host/path";
    }
    if (!has_usable_port(host)) {
        return "has a port that is not between 1 and 65535";
    }
    if (at != std::string_view::npos &&
        authority.substr(0, at).find(':') != std::string_view::npos) {
        return "holds a password, which whoever lists branches would see: give the worker its "
               "own, in a file of the worker's host";
    }
    return {};
}

}  // namespace model
