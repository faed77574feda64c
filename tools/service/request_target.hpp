#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace service {

enum class TargetFault {
    malformed,     // no path, bad escapes, no UTF-8, control characters, a backslash
    leaves_place,  // a "." or ".." or empty segment: where it leads depends on who reads it
    other_place,   // not below the base path
};

struct RequestTarget {
    std::string path;  // as `Request::path`
    std::vector<std::pair<std::string, std::string>> query;
};

/// Reads what stands between method and version of a request line: "/a/b?c=d", or the same
/// after "http://host". `base_path` is "" or "/branch1/ubuntu"; below it the path begins
/// anew: the base path itself is "/".
boost::system::result<RequestTarget, TargetFault> parse_target(std::string_view sent,
                                                               std::string_view base_path);

/// Whether `text` can be a base path: "" or segments as in "/branch1/ubuntu", of
/// [A-Za-z0-9._~-], none of them dots alone.
bool is_base_path(std::string_view text) noexcept;

}  // namespace service
