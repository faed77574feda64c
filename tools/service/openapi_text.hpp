#pragma once

#include <string_view>

namespace service {

/// What the API takes and gives, OpenAPI 3.1.
extern const std::string_view openapi_text;

}  // namespace service
