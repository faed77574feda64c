#include "tools/service/api_answers.hpp"
#include "tools/service/openapi_text.hpp"

#include <string>

namespace service {

Response show_openapi(const Request&, const World&, model::Timestamp) {
    return {.content_type = "application/json", .body = std::string{openapi_text}};
}

}  // namespace service
