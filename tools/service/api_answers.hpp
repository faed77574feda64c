#pragma once

#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

namespace model {
class Store;
}

/// One function for each path of /api/v1; what each takes and gives is in openapi.json.
namespace service {

Response list_distributions(const Request&, const World&, model::Timestamp now);
Response show_distribution(const Request&, const World&, model::Timestamp now);
Response show_propagation(const Request&, const World&, model::Timestamp now);
Response list_mirrors(const Request&, const World&, model::Timestamp now);
Response show_mirror(const Request&, const World&, model::Timestamp now);
Response show_history(const Request&, const World&, model::Timestamp now);
Response list_events(const Request&, const World&, model::Timestamp now);
Response list_mirror_events(const Request&, const World&, model::Timestamp now);
Response list_probes(const Request&, const World&, model::Store&, model::Timestamp now);
Response show_log(const Request&, const World&, model::Store&, model::Timestamp now);
Response show_openapi(const Request&, const World&, model::Timestamp now);

/// 404 that names what there is none of: a "mirror", a "distribution".
Response not_found(std::string_view kind, std::string_view name);

}  // namespace service
