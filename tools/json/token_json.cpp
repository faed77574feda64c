#include "tools/json/token_json.hpp"

#include <nlohmann/json.hpp>

namespace json {
namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<model::Timestamp>& when) {
    return when ? Json(model::format_timestamp(*when)) : Json(nullptr);
}

}  // namespace

Json token_json(const model::Token& token, model::Timestamp now) {
    return {{"id", model::to_integer(token.id)},
            {"state", to_string(state_of(token, now))},
            {"for", to_string(token.scopes)},
            {"name", token.holder},
            {"created", model::format_timestamp(token.created)},
            {"created_by", token.created_by},
            {"expires", model::format_timestamp(token.expires)},
            {"last_used", time_or_null(token.last_used)},
            {"revoked", time_or_null(token.revoked)},
            {"revoked_by", token.revoked ? Json(token.revoked_by) : Json(nullptr)}};
}

}  // namespace json
