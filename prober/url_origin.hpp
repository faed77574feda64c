#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prober {

/// Where a URL leads before its path begins.
struct UrlOrigin {
    std::string scheme;       // lower case
    std::string host;         // as written, without brackets
    std::uint16_t port = 0;   // the scheme's own where none is written
    std::size_t length = 0;   // bytes of the URL that are scheme, host and port
    bool is_address = false;  // the host is an IP address
};

/// Nothing for what is not an http, https or ftp URL with a host.
std::optional<UrlOrigin> parse_origin(std::string_view url);

/// The URL of one of `LookTask::impossible_names`: below a mirror's base URL, or where it begins
/// with "/" at the root of its host.
std::string impossible_url(const std::string& base_url, const std::string& name);

/// Where the path begins of an http or https URL whose path and query can go to the
/// server byte for byte: printable ASCII, no fragment, no "." or ".." to resolve.
/// Nothing for any other URL.
std::optional<std::size_t> find_verbatim_target(std::string_view url);

}  // namespace prober
