#include "tools/service/response.hpp"

#include <nlohmann/json.hpp>

namespace service {

Response problem(int status, std::string_view title, std::string_view detail) {
    const nlohmann::ordered_json json = {{"title", title}, {"status", status}, {"detail", detail}};
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    response.keeping = Keeping::nowhere;
    response.varies_with = "Accept";  // who takes HTML is shown a page
    return response;
}

Response json_response(std::string json) {
    Response response;
    response.content_type = "application/json";
    response.body = std::move(json);
    return response;
}

}  // namespace service
