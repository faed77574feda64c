#include "tools/service/change_body.hpp"

#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using Json = nlohmann::json;

constexpr std::string_view json_type = "application/json";
constexpr int depth_max = 2;  // an object of lists

Response bad_json(std::string_view detail) {
    return problem(400, "bad JSON", detail);
}

/// An object of at most lists; a text nested deeper is no object of ours.
std::optional<Json> parse(const std::string& body) {
    bool is_deep = false;
    const auto look = [&](int depth, Json::parse_event_t, Json&) {
        is_deep = is_deep || depth > depth_max;
        return !is_deep;
    };
    auto json = Json::parse(body, look, false);
    if (is_deep || json.is_discarded() || !json.is_object()) {
        return std::nullopt;
    }
    return json;
}

/// Browsers end lines of a text by two characters. Source: HTML, section 4.10.21.4.
std::string with_plain_line_ends(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (!is_pair) {
            plain += text[i];
        }
    }
    return plain;
}

}  // namespace

ChangeBody ChangeBody::from_json(const Request& request) {
    ChangeBody read;
    const auto type = field(request, "content-type").value_or("");
    if (request.body.empty() && type.empty()) {
        return read;
    }
    if (type.substr(0, type.find_first_of("; \t")) != json_type) {
        read.refusal_ = problem(415, "wrong type of content",
                                fmt::format("A change is sent as {}.", json_type));
        return read;
    }
    const auto json = parse(request.body.empty() ? "{}" : request.body);
    if (!json) {
        read.refusal_ = bad_json(R"(The body is no JSON object such as {"reason": "new disks"}.)");
        return read;
    }
    for (const auto& [name, json_value] : json->items()) {
        Value value;
        if (json_value.is_null()) {
            value.kind = Value::Kind::null;
        } else if (json_value.is_boolean()) {
            value.kind = Value::Kind::flag;
            value.flag = json_value.get<bool>();
        } else if (json_value.is_string()) {
            value.kind = Value::Kind::text;
            value.texts = {json_value.get<std::string>()};
        } else if (json_value.is_array() && std::ranges::all_of(json_value, [](const Json& one) {
                       return one.is_string();
                   })) {
            value.kind = Value::Kind::texts;
            value.texts = json_value.get<std::vector<std::string>>();
        }
        read.values_.emplace(name, std::move(value));
    }
    return read;
}

ChangeBody ChangeBody::from_form(const Request& request, Empty empty) {
    ChangeBody read;
    for (const auto& [name, text] : request.form) {
        if (name == "csrf" || name == "next" || (text.empty() && empty == Empty::is_not_sent)) {
            continue;
        }
        Value& value = read.values_[name];
        value.kind = value.texts.empty() ? Value::Kind::text : Value::Kind::texts;
        value.texts.push_back(with_plain_line_ends(text));
    }
    return read;
}

const ChangeBody::Value* ChangeBody::find(std::string_view name) {
    known_.emplace(name);
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
}

std::optional<std::string> ChangeBody::text(std::string_view name) {
    const Value* const value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->kind != Value::Kind::text) {
        refuse(name, "one text");
        return std::nullopt;
    }
    return value->texts.front();
}

std::optional<bool> ChangeBody::flag(std::string_view name) {
    const Value* const value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->kind == Value::Kind::flag) {
        return value->flag;
    }
    if (value->kind == Value::Kind::text &&
        (value->texts.front() == "true" || value->texts.front() == "false")) {
        return value->texts.front() == "true";
    }
    refuse(name, "true or false");
    return std::nullopt;
}

std::vector<std::string> ChangeBody::texts(std::string_view name) {
    const Value* const value = find(name);
    if (value == nullptr) {
        return {};
    }
    if (value->kind != Value::Kind::text && value->kind != Value::Kind::texts) {
        refuse(name, "a list of texts");
    }
    return value->texts;
}

std::optional<model::Timestamp> ChangeBody::time(std::string_view name) {
    const auto parse = [](std::string_view given) {
        const auto whole = model::parse_timestamp(given);
        return whole ? whole : model::parse_timestamp(std::string(given) + ":00Z");
    };
    return word(name, parse, "a time such as 2027-01-02T18:00:00Z");
}

bool ChangeBody::is_null(std::string_view name) {
    const Value* const value = find(name);
    return value != nullptr && value->kind == Value::Kind::null;
}

void ChangeBody::refuse(std::string_view name, std::string_view what) {
    if (fault_.empty()) {
        fault_ = fmt::format("The field \"{}\" should be {}.", name, what);
    }
}

std::optional<Response> ChangeBody::fault() const {
    if (refusal_) {
        return refusal_;
    }
    std::string detail = fault_;
    if (detail.empty()) {
        const auto unknown = std::ranges::find_if(
            values_, [&](const auto& one) { return !known_.contains(one.first); });
        if (unknown == values_.end()) {
            return std::nullopt;
        }
        std::string names;
        for (const std::string& name : known_) {
            names += (names.empty() ? "" : ", ") + name;
        }
        detail =
            fmt::format("There is no field \"{}\" here; there are {}.",
                        model::one_line(std::string_view(unknown->first).substr(0, 100)), names);
    }
    return problem(422, "Wrong field", detail);
}

}  // namespace service
