#pragma once

#include "model/text_fault.hpp"
#include "model/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// What the owner of a host asks of us in `/.well-known/mirrorwarden.txt`.
struct HostRules {
    std::string contact;                        // "mirror-admins@example.org", one line of text
    std::optional<double> requests_per_second;  // at most; from 0.1 to 1000
    std::vector<std::string> disallowed;        // paths from the host's root: "/debian/pool/"
    std::optional<Timestamp> maintenance_until;
    std::vector<TextFault> remarks;  // what was changed or passed over, and why

    friend bool operator==(const HostRules&, const HostRules&) = default;
};

/// Reads lines "Contact: TEXT", "Max-Requests-Per-Second: NUMBER", "Disallow: /PATH" (any number
/// of them) and "Maintenance-Until: RFC-3339-TIME"; names have no case, other names mean nothing,
/// "#" begins a comment. It cannot fail: what is wrong is a remark. Honoured within bounds: a rate
/// below one request in 10 s or above 1000 a second is changed to that, a maintenance lasts 31
/// days from `now` at most, the whole host cannot be disallowed, and of a text of more than 64 KiB
/// or 200 rules the rest is passed over. A web page holds no rules.
HostRules parse_host_rules(std::string_view text, Timestamp now);

/// `path`: from the host's root, beginning with a slash; "%2B" in it, or in a rule, is a "+".
bool is_disallowed(const HostRules&, std::string_view path) noexcept;

}  // namespace model
