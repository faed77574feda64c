#pragma once

#include <array>
#include <string>

namespace prober {

/// The variables of the environment that libcurl takes a proxy from, for one scheme or for all.
/// Source: curl's manual, ENVIRONMENT: HTTP_PROXY is not among them, for CGI sets it.
inline constexpr std::array<const char*, 7> proxy_variables{
    "http_proxy", "https_proxy", "HTTPS_PROXY", "ftp_proxy", "FTP_PROXY", "all_proxy", "ALL_PROXY"};

/// Why libcurl could not ask through `proxy`, and how a proxy is written: a sentence without its
/// end, that never shows the text, for it may hold a password. Empty where it could: the name may
/// lead nowhere all the same. "proxy:3128" and "proxy", without a scheme, are fine.
std::string proxy_fault(const std::string& proxy);

}  // namespace prober
