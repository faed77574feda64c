#include "tools/workers/spool_text.hpp"

#include "model/text_rules.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace workers {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr std::string_view path_start = "/api/v1/";
constexpr int depth_max = 8;

std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// One line; discarded where it is none of ours, or nested so that printing it might not end well.
Json parse_line(std::string_view text) {
    bool is_too_deep = false;
    auto json = Json::parse(
        text,
        [&](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
            is_too_deep = is_too_deep || depth > depth_max;
            return !is_too_deep;
        },
        false);
    return is_too_deep ? Json(Json::value_t::discarded) : json;
}

std::string text_in(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_path(std::string_view path) {
    return path.starts_with(path_start) && path.find_first_of(" ?#") == std::string_view::npos &&
           model::is_plain_text(path, model::Lines::one);
}

std::optional<Report> read_report(const Json& line) {
    auto path = text_in(line, "path");
    const auto body = line.find("body");
    if (!is_path(path) || body == line.end() || !body->is_object()) {
        return std::nullopt;
    }
    const auto text = body->dump(-1, ' ', false, Json::error_handler_t::replace);
    return Report{
        .path = std::move(path), .body = text, .late_body = text, .about = text_in(line, "about")};
}

}  // namespace

std::string print_spool(const SpooledRun& run) {
    std::string text = line_of({{"spool", format_version}, {"service", run.service}});
    for (const auto& report : run.reports) {
        text += line_of({{"path", report.path},
                         {"body", Json::parse(report.late_body)},
                         {"about", report.about}});
    }
    return text + line_of({{"end", true}});
}

std::optional<SpooledRun> parse_spool(std::string_view text) {
    if (text.size() > spool_text_bytes_max) {
        return std::nullopt;
    }
    SpooledRun run;
    bool has_head = false;
    while (!text.empty()) {
        const auto size = text.find('\n');
        if (size == std::string_view::npos) {
            return std::nullopt;
        }
        const auto line = parse_line(text.substr(0, size));
        text.remove_prefix(size + 1);
        if (!line.is_object()) {
            return std::nullopt;
        }
        if (!has_head) {
            run.service = text_in(line, "service");
            has_head = line.value("spool", Json()) == format_version && !run.service.empty();
            if (!has_head) {
                return std::nullopt;
            }
        } else if (line.contains("end")) {
            return text.empty() ? std::optional(std::move(run)) : std::nullopt;
        } else if (auto report = read_report(line)) {
            run.reports.push_back(std::move(*report));
        } else {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace workers
