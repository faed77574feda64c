#include "model/redirect.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <system_error>

namespace model {
namespace {

namespace urls = boost::urls;

constexpr std::size_t location_bytes_max = 8000;

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

constexpr bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

constexpr bool is_hex_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// Bytes that servers send bare and that RFC 3986 allows nowhere.
bool needs_escape(char c) noexcept {
    constexpr std::string_view unwise = " \"<>\\^`{|}";
    return static_cast<unsigned char>(c) >= 0x80 || unwise.find(c) != std::string_view::npos;
}

std::string escape(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    escaped.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = text[i];
        const bool is_broken_escape =
            c == '%' &&
            (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2]));
        if (!needs_escape(c) && !is_broken_escape) {
            escaped += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        escaped += '%';
        escaped += digits[byte >> 4U];
        escaped += digits[byte & 0xfU];
    }
    return escaped;
}

bool is_known_scheme(std::string_view scheme) noexcept {
    constexpr std::array<std::string_view, 3> known{"http", "https", "ftp"};
    return std::find(known.begin(), known.end(), scheme) != known.end();
}

/// The scheme with which a text begins, in lower case; nothing for a relative reference.
std::optional<std::string> scheme_of(std::string_view text) {
    const auto end = text.find_first_of(":/?#");
    if (end == std::string_view::npos || end == 0 || text[end] != ':') {
        return std::nullopt;
    }
    std::string scheme(text.substr(0, end));
    for (char& c : scheme) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return scheme;
}

/// The parser lets "http://host:words/" pass as an empty port and a path without
/// its slash, and a port above 65535 wrap.
bool has_usable_authority(const urls::url_view_base& url) {
    const std::string_view port = url.port();
    const std::string_view path = url.encoded_path();
    std::uint16_t number = 0;
    const bool is_port =
        port.empty() ||
        (std::from_chars(port.data(), port.data() + port.size(), number).ec == std::errc{} &&
         number > 0);
    return !url.encoded_host().empty() && is_port && (path.empty() || path.front() == '/');
}

std::string last_segment(const urls::url_view_base& url) {
    const std::string_view path = url.encoded_path();
    const auto slash = path.rfind('/');
    const auto segment = slash == std::string_view::npos ? path : path.substr(slash + 1);
    const auto decodable = urls::make_pct_string_view(segment);
    return decodable ? decodable->decode() : std::string(segment);
}

}  // namespace

bool is_redirect(int status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

boost::system::result<std::string, OutcomeKind> follow_redirect(std::string_view asked,
                                                                std::string_view location, int hops,
                                                                int hops_max) {
    if (hops >= hops_max) {
        return OutcomeKind::too_many_redirects;
    }
    location = trim(location);
    if (location.empty() || location.size() > location_bytes_max ||
        std::any_of(location.begin(), location.end(), is_control)) {
        return OutcomeKind::invalid_answer;
    }
    if (const auto scheme = scheme_of(location); scheme && !is_known_scheme(*scheme)) {
        return OutcomeKind::redirect_to_unknown_scheme;
    }

    const std::string asked_text = escape(asked);
    const std::string location_text = escape(location);
    const auto base = urls::parse_uri(asked_text);
    const auto reference = urls::parse_uri_reference(location_text);
    if (!base || !reference) {
        return OutcomeKind::invalid_answer;
    }
    urls::url target(*base);
    const bool is_usable = !reference->has_authority() || has_usable_authority(*reference);
    if (!is_usable || !target.resolve(*reference) || !has_usable_authority(target)) {
        return OutcomeKind::invalid_answer;
    }
    if (last_segment(*base) != last_segment(target)) {
        return OutcomeKind::redirect_to_different_file;
    }
    // A password in a location would end in logs and mails.
    target.remove_userinfo().remove_fragment();
    target.normalize_scheme();
    return std::string(target.buffer());
}

}  // namespace model
