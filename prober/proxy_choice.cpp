#include "prober/proxy_choice.hpp"

#include "prober/url_origin.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <cstdlib>
#include <initializer_list>
#include <optional>

namespace prober {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

std::string first_of(std::initializer_list<const char*> variables) {
    for (const char* const variable : variables) {
        const char* const value = std::getenv(variable);
        if (value != nullptr && *value != '\0') {
            return value;
        }
    }
    return {};
}

bool is_in_network(const ip::address& address, const std::string& text) {
    error_code error;
    if (address.is_v4()) {
        const auto network = ip::make_network_v4(text, error);
        return !error && ip::network_v4(address.to_v4(), network.prefix_length()).canonical() ==
                             network.canonical();
    }
    const auto network = ip::make_network_v6(text, error);
    return !error && ip::network_v6(address.to_v6(), network.prefix_length()).canonical() ==
                         network.canonical();
}

bool is_address_exempt(const ip::address& address, std::string_view exempt) {
    const std::string text(exempt);
    if (text.find('/') != std::string::npos) {
        return is_in_network(address, text);
    }
    error_code error;
    const auto exempt_address = ip::make_address(text, error);
    return !error && exempt_address == address;
}

std::string_view without_dots_around(std::string_view name) noexcept {
    if (name.starts_with('.')) {
        name.remove_prefix(1);
    }
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    return name;
}

bool is_name_exempt(std::string_view host, std::string_view exempt) {
    const auto domain = without_dots_around(exempt);
    const auto name = without_dots_around(host);
    return !domain.empty() && boost::algorithm::iends_with(name, domain) &&
           (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
}

bool is_exempt(std::string_view exempts, std::string_view host) {
    if (exempts == "*") {
        return true;
    }
    constexpr std::string_view separators = ", \t";
    error_code error;
    const auto address = ip::make_address(std::string(host), error);
    for (;;) {
        const auto begin = exempts.find_first_not_of(separators);
        if (begin == std::string_view::npos) {
            return false;
        }
        exempts.remove_prefix(begin);
        const auto exempt = exempts.substr(0, exempts.find_first_of(separators));
        exempts.remove_prefix(exempt.size());
        if (error ? is_name_exempt(host, exempt) : is_address_exempt(address, exempt)) {
            return true;
        }
    }
}

}  // namespace

ProxyWishes read_proxy_wishes(std::string_view for_all_schemes) {
    return {.for_all_schemes = std::string(for_all_schemes),
            .http = first_of({"http_proxy"}),
            .https = first_of({"https_proxy", "HTTPS_PROXY"}),
            .ftp = first_of({"ftp_proxy", "FTP_PROXY"}),
            .others = first_of({"all_proxy", "ALL_PROXY"}),
            .exempts = first_of({"no_proxy", "NO_PROXY"})};
}

bool is_proxy_configured(const ProxyWishes& wishes) noexcept {
    return !(wishes.for_all_schemes.empty() && wishes.http.empty() && wishes.https.empty() &&
             wishes.ftp.empty() && wishes.others.empty());
}

bool is_proxied(const ProxyWishes& wishes, std::string_view url) {
    const auto origin = is_proxy_configured(wishes) ? parse_origin(url) : std::nullopt;
    if (!origin) {
        return false;
    }
    const auto& of_scheme = origin->scheme == "https" ? wishes.https
                            : origin->scheme == "ftp" ? wishes.ftp
                                                      : wishes.http;
    const bool is_named =
        !wishes.for_all_schemes.empty() || !of_scheme.empty() || !wishes.others.empty();
    return is_named && !is_exempt(wishes.exempts, origin->host);
}

}  // namespace prober
