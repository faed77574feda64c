#pragma once

#include <string>
#include <string_view>

namespace service {

/// Text for between the tags or in a quoted attribute of XML 1.0, or HTML: what XML has no
/// character for becomes U+FFFD, the five characters of markup their entities. At most
/// `characters_max` characters of it, and then "…".
std::string xml_text(std::string_view text, std::size_t characters_max);

}  // namespace service
