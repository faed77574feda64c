#pragma once

#include "model/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace service {

/// One request to us, as its handler sees it: read, bounded and decoded. All text is
/// valid UTF-8 without control characters, but for `body`.
struct Request {
    std::string method;  // "GET", "HEAD", "POST", "DELETE", "OPTIONS"
    /// Below the base path, percent-decoded, begins with '/', no empty (but for the last), "."
    /// or ".." segment: "/api/v1/mirrors/valid-mirror".
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;     // decoded, in order
    std::vector<std::pair<std::string, std::string>> captures;  // of the route: {"name", "x"}
    std::vector<std::pair<std::string, std::string>> fields;    // names in lower case
    std::string body;
    std::vector<std::pair<std::string, std::string>> form = {};  // of `body`, once it was read
    std::string client_address;  // "192.0.2.7"; of the proxy's word where one is trusted
    std::string client_key;      // what counts as one client: of IPv6 the network of 64 bits
    std::string base_path;       // "", or "/branch1/ubuntu": begins every link and Location
    std::string origin;          // "https://status.example.org", for links that must be whole
    /// Since when the database has not answered; empty: the world is as new as can be.
    std::optional<model::Timestamp> stale_since = {};
    /// The answer becomes a file that nobody asks: no forms, nothing that changes with a query.
    bool is_exported = false;
};

/// The first value of that name; empty if there is none.
std::optional<std::string_view> query_value(const Request&, std::string_view name) noexcept;
std::optional<std::string_view> field(const Request&, std::string_view lower_case_name) noexcept;
/// Of a name that the route's pattern has; empty text if it has not.
std::string_view capture(const Request&, std::string_view name) noexcept;
/// One cookie's value, as sent; empty if there is none.
std::optional<std::string_view> cookie(const Request&, std::string_view name) noexcept;

}  // namespace service
