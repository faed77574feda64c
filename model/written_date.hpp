#pragma once

#include "model/timestamp.hpp"

#include <optional>
#include <string_view>

/// Dates in words, as archives, mirrors' tools and web servers write them. All UTC; each function
/// is empty where the text is anything else, or no real date.
namespace model {

/// Date and Valid-Until of a Release file: "Sat, 21 Nov 2026 08:00:00 UTC". What apt takes, no
/// more: one digit is enough for the day and the hour, which Launchpad, and so Ubuntu, fills with
/// a blank, any blanks are one, the zone is UTC, GMT, Z, +0000 or -0000, and the day of the week is
/// a name but need not be the right one. Source: apt's RFC1123StrToTime.
std::optional<Timestamp> parse_release_date(std::string_view);

/// Source: RFC 9110, section 5.6.7, and its two obsolete forms. `now` says which century two
/// digits of a year mean: not more than 50 years from now.
std::optional<Timestamp> parse_http_date(std::string_view, Timestamp now);

/// What `date -u` prints: "Sat Nov 21 08:00:00 UTC 2026", the first line of a trace file; GMT is
/// fine.
std::optional<Timestamp> parse_trace_date(std::string_view);

}  // namespace model
