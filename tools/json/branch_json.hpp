#pragma once

#include "model/branch.hpp"

#include <nlohmann/json_fwd.hpp>

namespace json {

/// All that is known of a branch, but for the token of an attempt that is under way.
nlohmann::ordered_json branch_json(const model::Branch&);

}  // namespace json
