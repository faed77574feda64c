#include "model/mirror_url.hpp"

#include "model/text_rules.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

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

constexpr std::size_t url_bytes_max = 1'000;
constexpr std::size_t name_bytes_max = 100;

struct Scheme {
    std::string_view name;
    std::uint16_t default_port = 0;
};
constexpr std::array schemes = {Scheme{"http", 80}, Scheme{"https", 443}, Scheme{"ftp", 21},
                                Scheme{"rsync", 873}};

constexpr char to_lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool is_lower_or_digit(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), to_lower);
    return result;
}

/// Of any of Boost's views: their names differ from version to version.
template <class View>
std::string_view view(const View& text) {
    return {text.data(), text.size()};
}

/// Boost 1.81 takes "http://a:b/" for host "a", no port and path "b/", which would
/// become another host when it is put together again.
std::optional<urls::url_view> parse(std::string_view text) {
    const auto url = urls::parse_uri({text.data(), text.size()});
    if (!url.has_value()) {
        return std::nullopt;
    }
    const auto path = view(url->encoded_path());
    const bool is_sound = !url->has_authority() || path.empty() || path.starts_with('/');
    return is_sound ? std::optional{*url} : std::nullopt;
}

/// In lower case. An IPv6 literal without brackets, spelled the one way that its
/// address has, so that two spellings of one host count as one.
std::string host_text(const urls::url_view& url) {
    if (url.host_type() == urls::host_type::ipv6) {
        return lower(url.host_ipv6_address().to_string());
    }
    return lower(view(url.encoded_host()));
}

bool is_host_name(std::string_view host) noexcept {
    return std::all_of(host.begin(), host.end(), [](char letter) {
        return is_lower_or_digit(letter) || letter == '-' || letter == '.' || letter == '_';
    });
}

/// As the text has it: Boost's own number wraps, 99999 becomes 34463. 0: it has none,
/// empty: it is above 65535.
std::optional<std::uint16_t> port_of(const urls::url_view& url) {
    const auto text = view(url.port());
    std::uint16_t port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return text.empty() || read.ec == std::errc() ? std::optional{port} : std::nullopt;
}

/// What is wrong with the text before it is parsed; empty if nothing. Never shows
/// the URL, for it may hold a password.
std::string fault_in_text(std::string_view scheme, std::string_view text) {
    if (text.empty()) {
        return "the URL is empty";
    }
    if (text.size() > url_bytes_max) {
        return fmt::format("the URL has {} bytes; {} are the most", text.size(), url_bytes_max);
    }
    if (text.find(' ') != std::string_view::npos) {
        return "the URL holds a blank; write %20";
    }
    if (std::any_of(text.begin(), text.end(),
                    [](char letter) { return (letter >= 0 && letter < 0x20) || letter == 0x7F; })) {
        return "the URL holds a control character";
    }
    if (std::any_of(text.begin(), text.end(), [](char letter) { return letter < 0; })) {
        return "the URL holds characters outside ASCII; write the host as xn--... and the path "
               "with %";
    }
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) {
        return fmt::format("the URL does not begin with {}://", scheme);
    }
    if (lower(text.substr(0, colon)) != scheme) {
        return fmt::format("the URL's scheme is {}, not {}", in_quotes(text.substr(0, colon)),
                           scheme);
    }
    return {};
}

/// What is wrong with the parts of the URL; empty if nothing.
std::string fault_in_parts(const urls::url_view& url) {
    if (url.has_userinfo()) {
        return "the URL holds a user or password; leave them out";
    }
    if (url.encoded_host().empty()) {
        return "the URL has no host";
    }
    if (url.host_type() == urls::host_type::ipvfuture ||
        (url.host_type() == urls::host_type::name && !is_host_name(host_text(url)))) {
        return "the URL's host is neither a name nor an address";
    }
    if (!url.port().empty() && port_of(url).value_or(0) == 0) {
        return "the URL's port is not between 1 and 65535";
    }
    if (url.has_query()) {
        return "the URL has a query (\"?\"); a base URL has none";
    }
    if (url.has_fragment()) {
        return "the URL has a fragment (\"#\"); a base URL has none";
    }
    return {};
}

std::string rebuild(std::string_view scheme, const urls::url_view& url) {
    const bool is_ipv6 = url.host_type() == urls::host_type::ipv6;
    const auto host = is_ipv6 ? fmt::format("[{}]", host_text(url)) : host_text(url);
    auto result = fmt::format("{}://{}", scheme, host);
    const auto* const known = std::find_if(
        schemes.begin(), schemes.end(), [scheme](const auto& row) { return row.name == scheme; });
    const auto port = port_of(url).value_or(0);
    const bool is_default = known != schemes.end() && known->default_port == port;
    if (port != 0 && !is_default) {
        result += fmt::format(":{}", port);
    }
    auto path = view(url.encoded_path());
    while (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return fmt::format("{}{}/", result, path);
}

}  // namespace

boost::system::result<std::string, std::string> normalise_base_url(std::string_view scheme,
                                                                   std::string_view text) {
    if (auto fault = fault_in_text(scheme, text); !fault.empty()) {
        return {boost::system::in_place_error, fault};
    }
    const auto url = parse(text);
    if (!url) {
        return {boost::system::in_place_error,
                fmt::format("the URL is malformed; write it as {}://host/path/", scheme)};
    }
    if (auto fault = fault_in_parts(*url); !fault.empty()) {
        return {boost::system::in_place_error, fault};
    }
    return {boost::system::in_place_value, rebuild(scheme, *url)};
}

std::string host_of(std::string_view url) {
    const auto parsed = parse(url);
    return parsed ? host_text(*parsed) : std::string{};
}

bool has_usable_port(std::string_view host_and_port) noexcept {
    const auto bracket = host_and_port.starts_with('[') ? host_and_port.find(']') : 0;
    if (bracket == std::string_view::npos) {
        return false;
    }
    const auto colon = std::min(host_and_port.find(':', bracket), host_and_port.size());
    const auto text = host_and_port.substr(std::min(colon + 1, host_and_port.size()));
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    return text.empty() || (read.ec == std::errc() && read.ptr == end && port > 0);
}

std::string join_url(std::string_view base, std::string_view path) {
    while (base.ends_with('/')) {
        base.remove_suffix(1);
    }
    while (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    auto url = fmt::format("{}/", base);
    for (const char letter : path) {
        // Storage such as Amazon's S3 takes a bare plus for a blank. Source: apt's http method.
        if (letter == '+') {
            url += "%2B";
        } else {
            url += letter;
        }
    }
    return url;
}

bool is_valid_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= name_bytes_max && is_lower_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char letter) {
               return is_lower_or_digit(letter) || letter == '+' || letter == '.' || letter == '-';
           });
}

std::string default_mirror_name(const Mirror& mirror) {
    // Leaves room for the suffix and for a number after it.
    constexpr std::size_t host_bytes_max = 85;
    const auto& base_url = probe_url(mirror);
    auto host = host_of(base_url.empty() ? mirror.rsync_url : base_url).substr(0, host_bytes_max);
    std::replace_if(
        host.begin(), host.end(),
        [](char letter) {
            return !is_valid_name({&letter, 1}) && letter != '.';
        },
        '-');
    host.erase(0, host.find_first_not_of(".-"));
    return (host.empty() ? "mirror" : host) +
           (mirror.content == Content::archive ? "-archive" : "-release");
}

}  // namespace model
