#pragma once

#include <string_view>

namespace prober {

/// A header as it came, up to its line break: "Content-Type: text/html\r\n".
bool is_content_type(std::string_view line) noexcept;
/// Of such a header.
bool is_html(std::string_view content_type_line) noexcept;

/// False for nothing, and for bytes that would end the header or start another.
bool can_be_sent(std::string_view header_value) noexcept;

}  // namespace prober
