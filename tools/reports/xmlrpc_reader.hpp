#pragma once

#include "tools/reports/xmlrpc_codec.hpp"

#include <optional>
#include <pugixml.hpp>

namespace reports {

/// Blanks between elements, which mean nothing.
bool is_space(const pugi::xml_node&);

/// The one element below; empty if there is another one, or text beside it.
std::optional<pugi::xml_node> only_element(const pugi::xml_node&);

/// Of a `<value>` that has `depth - 1` others around it.
OrFault<XmlrpcValue> read_value(const pugi::xml_node& value, int depth);

}  // namespace reports
