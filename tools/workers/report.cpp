#include "tools/workers/report.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

namespace workers {
namespace {

using Json = nlohmann::ordered_json;

// The service cuts earlier; more than this is not worth the way.
constexpr std::size_t reason_bytes_max = 4'000;

std::string print(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string branch_path(model::BranchId id, std::string_view call) {
    return fmt::format("/api/v1/branches/{}/{}", model::to_integer(id), call);
}

Report report(std::string path, const Json& body, std::string about) {
    const auto text = print(body);
    return {.path = std::move(path), .body = text, .late_body = text, .about = std::move(about)};
}

/// Of a mirror's name what may stand in a path as it is; the rest as %XX.
std::string path_segment(const std::string& name) {
    std::string text;
    for (const char letter : name) {
        const bool is_plain = (letter >= 'a' && letter <= 'z') ||
                              (letter >= 'A' && letter <= 'Z') ||
                              (letter >= '0' && letter <= '9') ||
                              std::string_view("-._~").find(letter) != std::string_view::npos;
        text += is_plain ? std::string(1, letter)
                         : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return text;
}

std::string sync_path(const std::string& mirror, std::string_view call) {
    return fmt::format("/api/v1/mirrors/{}/{}", path_segment(mirror), call);
}

bool ends_attempt(const Report& report) noexcept {
    return report.path.ends_with("/mirror-complete") || report.path.ends_with("/mirror-failed");
}

void add_attempt(std::string& body, std::string_view attempt) {
    auto json = Json::parse(body);
    if (!json.contains("attempt")) {
        json["attempt"] = attempt;
        body = print(json);
    }
}

Json with_token(Json body, std::string_view attempt) {
    if (!attempt.empty()) {
        body["attempt"] = attempt;
    }
    return body;
}

}  // namespace

Report branch_started(model::BranchId id, model::Timestamp started) {
    return {.path = branch_path(id, "mirror-start"),
            .body = "{}",
            .late_body = print({{"started", model::format_timestamp(started)}}),
            .about = fmt::format("that the mirroring of branch {} began", model::to_integer(id))};
}

Report branch_complete(model::BranchId id, std::string_view revision, std::string_view attempt) {
    return report(branch_path(id, "mirror-complete"), with_token({{"revision", revision}}, attempt),
                  fmt::format("that branch {} is complete", model::to_integer(id)));
}

Report branch_failed(model::BranchId id, std::string_view reason, std::string_view attempt) {
    return report(branch_path(id, "mirror-failed"),
                  with_token({{"reason", reason.substr(0, reason_bytes_max)}}, attempt),
                  fmt::format("that branch {} failed", model::to_integer(id)));
}

Report branch_requested(model::BranchId id) {
    return report(branch_path(id, "request"), Json::object(),
                  fmt::format("the wish that branch {} be mirrored", model::to_integer(id)));
}

Report script_ran(const model::ScriptActivity& activity) {
    return report("/api/v1/script-activity",
                  {{"name", activity.name},
                   {"host", activity.host},
                   {"started", model::format_timestamp(activity.started)},
                   {"completed", model::format_timestamp(activity.completed)}},
                  fmt::format("that {} ran", model::in_quotes(activity.name)));
}

Report mirror_sync_started(const std::string& mirror) {
    return report(sync_path(mirror, "mirror-sync-started"), Json::object(),
                  fmt::format("that the sync of {} began", model::in_quotes(mirror)));
}

Report mirror_sync_completed(const std::string& mirror) {
    return report(sync_path(mirror, "mirror-sync-completed"), Json::object(),
                  fmt::format("that the sync of {} is complete", model::in_quotes(mirror)));
}

Report acquire_branch(const std::vector<model::BranchType>& types) {
    auto body = Json::object();
    for (const auto type : types) {
        body["types"].push_back(model::to_string(type));
    }
    return report("/api/v1/branches/acquire", body, "the question for a branch that is due");
}

Report with_attempt(Report report, std::string_view attempt) {
    if (!attempt.empty() && ends_attempt(report)) {
        add_attempt(report.body, attempt);
        add_attempt(report.late_body, attempt);
    }
    return report;
}

bool is_start(const Report& report) noexcept {
    return report.path.ends_with("/mirror-start");
}

}  // namespace workers
