#include "prober/proxy_url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string_view>

namespace prober {
namespace {

using Url = std::unique_ptr<CURLU, decltype([](CURLU* url) { curl_url_cleanup(url); })>;

constexpr std::array<std::string_view, 7> schemes = {"http",   "https",   "socks4", "socks4a",
                                                     "socks5", "socks5h", "socks"};

/// Empty where the URL has no such part.
std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    curl_url_get(url, part, &text, 0);
    std::string result = text == nullptr ? "" : text;
    curl_free(text);
    return result;
}

std::string fault_of(const std::string& proxy) {
    const Url url(curl_url());
    if (!url) {
        throw std::bad_alloc();
    }
    // As libcurl itself reads a proxy, which it would say nothing of before it is to ask there.
    const auto code = curl_url_set(url.get(), CURLUPART_URL, proxy.c_str(),
                                   CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
    if (code != CURLUE_OK) {
        return fmt::format("this is no address of a proxy ({})", curl_url_strerror(code));
    }
    if (std::ranges::find(schemes, part_of(url.get(), CURLUPART_SCHEME)) == schemes.end()) {
        return "no proxy is asked by that scheme";
    }
    return part_of(url.get(), CURLUPART_PORT) == "0" ? "the port is not between 1 and 65535" : "";
}

}  // namespace

std::string proxy_fault(const std::string& proxy) {
    const auto fault = fault_of(proxy);
    return fault.empty() ? fault
                         : fault +
                               "; write http://HOST:PORT, or https, socks4, socks4a, socks5 or "
                               "socks5h in the place of http";
}

}  // namespace prober
