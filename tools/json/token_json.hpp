#pragma once

#include "model/token.hpp"

#include <nlohmann/json_fwd.hpp>

namespace json {

/// All that is known of a token, but for its hash.
nlohmann::ordered_json token_json(const model::Token&, model::Timestamp now);

}  // namespace json
