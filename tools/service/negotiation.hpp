#pragma once

#include <string_view>

namespace service {

/// Whether the value of an Accept-Encoding field lets us send gzip: "gzip", "*", "br;q=1,
/// gzip;q=0.5", not "gzip;q=0" or nothing. What cannot be read is not let.
/// Source: RFC 9110, section 12.5.3.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

/// Whether the value of an Accept field asks for HTML by name, and for JSON by name no more:
/// a browser's does, a script's "*/*" does not. Source: RFC 9110, section 12.5.1.
bool prefers_html(std::string_view accept) noexcept;

/// Whether the value of an If-None-Match field names `tag` ("\"abc\"", or "W/\"abc\""), by
/// the weak comparison, or is "*". Source: RFC 9110, sections 8.8.3 and 13.1.2.
bool names_entity_tag(std::string_view if_none_match, std::string_view tag) noexcept;

}  // namespace service
