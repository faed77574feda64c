#include "prober/url_origin.hpp"

#include "model/mirror_url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace prober {
namespace {

std::uint16_t default_port(std::string_view scheme) noexcept {
    constexpr std::uint16_t http = 80;
    constexpr std::uint16_t https = 443;
    constexpr std::uint16_t ftp = 21;
    if (scheme == "http") {
        return http;
    }
    if (scheme == "https") {
        return https;
    }
    return scheme == "ftp" ? ftp : 0;
}

}  // namespace

std::optional<UrlOrigin> parse_origin(std::string_view url) {
    UrlOrigin origin;
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    for (const char c : url.substr(0, colon)) {
        origin.scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    origin.port = default_port(origin.scheme);
    const auto begin = colon + 3;
    origin.length = std::min(url.find_first_of("/?#", begin), url.size());
    auto authority = url.substr(begin, origin.length - begin);
    const auto at = authority.rfind('@');
    authority.remove_prefix(at == std::string_view::npos ? 0 : at + 1);

    const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) {
        return std::nullopt;
    }
    const auto port_colon = authority.find(':', bracket);
    const auto host = authority.substr(0, port_colon);
    origin.host = bracket == 0 ? host : host.substr(1, bracket - 1);
    if (port_colon != std::string_view::npos && port_colon + 1 < authority.size()) {
        const auto text = authority.substr(port_colon + 1);
        const auto* const end = text.data() + text.size();
        const auto [stop, ec] = std::from_chars(text.data(), end, origin.port);
        if (ec != std::errc{} || stop != end) {
            return std::nullopt;
        }
    }
    if (origin.host.empty() || origin.port == 0) {
        return std::nullopt;
    }
    boost::system::error_code ec;
    boost::asio::ip::make_address(origin.host, ec);
    origin.is_address = !ec;
    return origin;
}

std::optional<std::size_t> find_verbatim_target(std::string_view url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return std::nullopt;
    }
    const auto begin = url.find_first_of("/?#", url.find("://") + 3);
    if (begin == std::string_view::npos || url[begin] != '/') {
        return std::nullopt;
    }
    const auto target = url.substr(begin);
    const bool is_verbatim = target.find("/.") == std::string_view::npos &&
                             std::all_of(target.begin(), target.end(), [](char byte) {
                                 return '!' <= byte && byte <= '~' && byte != '#';
                             });
    return is_verbatim ? std::optional(begin) : std::nullopt;
}

std::string impossible_url(const std::string& base_url, const std::string& name) {
    const auto origin = parse_origin(base_url);
    return origin && name.starts_with('/') ? base_url.substr(0, origin->length) + name
                                           : model::join_url(base_url, name);
}

}  // namespace prober
