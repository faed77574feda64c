#include "model/plain_text.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/mirror_query.hpp"
#include "tools/service/query.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using Json = nlohmann::ordered_json;

// RFC 4180, section 2.
std::string as_cell(std::string_view text) {
    if (text.find_first_of(",\"") == std::string_view::npos) {
        return std::string{text};
    }
    std::string cell = "\"";
    for (const char c : text) {
        cell += c;
        if (c == '"') {
            cell += c;
        }
    }
    return cell + '"';
}

/// A spreadsheet would run what begins as a formula: an apostrophe before it makes it text.
std::string text_cell(const std::string& text) {
    const std::string line = model::one_line(text);
    const bool is_formula = line.find_first_of("=+-@") == 0;
    return as_cell(is_formula ? "'" + line : line);
}

std::string cell(const Json& value) {
    if (value.is_null()) {
        return {};
    }
    return value.is_string() ? text_cell(value.get<std::string>()) : value.dump();
}

void add_line(std::string& csv, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        csv += i == 0 ? "" : ",";
        csv += cells[i];
    }
    csv += "\r\n";
}

Json json_of(const MirrorFacts& facts) {
    return json::overview_json(
        {{.mirror = facts.mirror, .last_probe = facts.last_probe, .freshness = facts.freshness},
         facts.observation});
}

}  // namespace

Response mirrors_csv(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    MirrorQuery chosen = read_mirror_query(query, world);
    if (auto fault = query.fault()) {
        return *fault;
    }
    if (const auto in_path = capture(request, "distribution"); !in_path.empty()) {
        if (find_distribution(world, in_path) == nullptr) {
            return not_found("distribution", in_path);
        }
        chosen.distribution = std::string{in_path};
    }
    std::string csv;
    std::vector<std::string> cells;
    const Json example = json::overview_json({});
    for (const auto& [key, value] : example.items()) {
        cells.push_back(key);
    }
    add_line(csv, cells);
    for (const auto& facts : select_mirrors(world, chosen)) {
        cells.clear();
        for (const auto& value : json_of(*facts)) {
            cells.push_back(cell(value));
        }
        add_line(csv, cells);
    }
    return {.content_type = "text/csv; charset=utf-8; header=present", .body = std::move(csv)};
}

}  // namespace service
