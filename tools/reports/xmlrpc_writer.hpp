#pragma once

#include "tools/reports/xmlrpc_value.hpp"

#include <string>
#include <string_view>

namespace reports {

/// As text of an element. What XML has no character for becomes U+FFFD.
void append_text(std::string& xml, std::string_view text);

/// As a `<value>`.
void append_value(std::string& xml, const XmlrpcValue&);

}  // namespace reports
