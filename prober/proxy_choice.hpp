#pragma once

#include <string>
#include <string_view>

namespace prober {

/// Which proxies a user named; URLs, or empty.
struct ProxyWishes {
    std::string for_all_schemes = {};  // by an option: before what the variables say
    std::string http = {};             // the usual variables: http_proxy and so on
    std::string https = {};
    std::string ftp = {};
    std::string others = {};   // all_proxy
    std::string exempts = {};  // no_proxy: "example.org,.example.net,10.0.0.0/8" or "*"
};

/// With the environment's variables, as libcurl reads them: HTTP_PROXY in capitals is not
/// one, since a web server gives that name to a header.
ProxyWishes read_proxy_wishes(std::string_view for_all_schemes);

/// Whether any proxy is named.
bool is_proxy_configured(const ProxyWishes&) noexcept;

/// Whether libcurl asks a proxy for that URL of http, https or ftp. `exempts` names domains with
/// all below them, addresses, and networks. Source: CURLOPT_NOPROXY(3).
bool is_proxied(const ProxyWishes&, std::string_view url);

}  // namespace prober
