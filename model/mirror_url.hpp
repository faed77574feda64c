#pragma once

#include "model/catalog.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace model {

/// Reads a mirror's base URL and normalises it: scheme and host in lower case,
/// the scheme's default port left out, an IPv6 literal in its shortest spelling,
/// exactly one trailing slash. Refused, with
/// a sentence that says what is wrong: a scheme other than `scheme` ("http",
/// "https", "ftp", "rsync"), no host, a user or password, a query, a fragment,
/// control characters, blanks, a host that is neither a name nor an address, more
/// than 1,000 bytes. A port and an IPv6 literal
/// ("http://[2001:db8::1]/debian/") are fine.
boost::system::result<std::string, std::string> normalise_base_url(std::string_view scheme,
                                                                   std::string_view text);

/// The host of a URL in lower case, without port; an IPv6 literal without its
/// brackets. Empty if the text is no absolute URL. What the limit of requests
/// per host counts by.
std::string host_of(std::string_view url);

/// Whether a host, as it stands in a URL without a user before it, is followed by a port from 1 to
/// 65535 or by none: "m.example", "m.example:8080", "[::1]:443". The host itself is not looked at.
bool has_usable_port(std::string_view host_and_port) noexcept;

/// `base` (normalised) and a relative path, joined by one slash; a "+" in that is %2B, as for apt.
std::string join_url(std::string_view base, std::string_view path);

/// A mirror's or distribution's name: [a-z0-9][a-z0-9+.-]*, 100 bytes at most.
bool is_valid_name(std::string_view) noexcept;

/// The name of a mirror that was given none: host + "-archive" or "-release", in
/// lower case and with what a name cannot hold replaced by "-"; a long host is cut,
/// and where none is left it is "mirror".
/// On a clash the caller appends 2, 3, ...
std::string default_mirror_name(const Mirror&);

}  // namespace model
