#include "prober/header_line.hpp"

#include <algorithm>

namespace prober {
namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view text, std::string_view lower_case) noexcept {
    return text.size() >= lower_case.size() &&
           std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                      [](char expected, char c) { return expected == lower(c); });
}

}  // namespace

bool is_content_type(std::string_view line) noexcept {
    constexpr std::string_view name = "content-type:";
    // One comparison tells nearly all other headers apart.
    return line.size() > name.size() && line[name.size() - 1] == ':' && begins_with(line, name);
}

bool is_html(std::string_view content_type_line) noexcept {
    auto value = content_type_line.substr(content_type_line.find(':') + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    return begins_with(value, "text/html");
}

bool can_be_sent(std::string_view header_value) noexcept {
    constexpr unsigned char first_printable = 0x20;
    constexpr char del = 0x7f;
    return !header_value.empty() &&
           std::none_of(header_value.begin(), header_value.end(), [](char c) {
               return (static_cast<unsigned char>(c) < first_printable && c != '\t') || c == del;
           });
}

}  // namespace prober
