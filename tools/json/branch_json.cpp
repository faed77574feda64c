#include "tools/json/branch_json.hpp"

#include "model/json_parts.hpp"

#include <nlohmann/json.hpp>

namespace json {
namespace {

using Json = nlohmann::ordered_json;
using model::json_parts::text_or_null;
using model::json_parts::time_or_null;

}  // namespace

Json branch_json(const model::Branch& branch) {
    const auto& mirroring = branch.mirroring;
    return {{"id", model::to_integer(branch.id)},
            {"name", branch.name},
            {"url", branch.url},
            {"type", to_string(branch.type)},
            {"last_mirror_attempt", time_or_null(mirroring.last_mirror_attempt)},
            {"last_mirrored", time_or_null(mirroring.last_mirrored)},
            {"last_mirrored_id", text_or_null(mirroring.last_mirrored_id)},
            {"mirror_failures", mirroring.mirror_failures},
            {"mirror_status_message", text_or_null(mirroring.mirror_status_message)},
            {"next_mirror_time", time_or_null(mirroring.next_mirror_time)},
            {"lease_end",
             mirroring.attempt ? time_or_null(mirroring.attempt->lease_end) : Json(nullptr)}};
}

}  // namespace json
