#pragma once

#include "model/timestamp.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

/// What every JSON document of ours is made of. Members keep the order in which they are named.
namespace model::json_parts {

using Json = nlohmann::ordered_json;

/// `render` makes the JSON of one.
template <class Items, class Render>
Json array(const Items& items, Render render) {
    auto json = Json::array();
    for (const auto& item : items) {
        json.push_back(render(item));
    }
    return json;
}

inline Json text_or_null(std::string_view text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

inline Json time_or_null(const std::optional<Timestamp>& moment) {
    return moment ? Json(format_timestamp(*moment)) : Json(nullptr);
}

}  // namespace model::json_parts
