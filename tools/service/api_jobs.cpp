#include "model/json_parts.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/caller.hpp"
#include "tools/service/job_answers.hpp"
#include "tools/service/query.hpp"

#include <algorithm>
#include <chrono>

namespace service {
namespace {

using model::json_parts::Json;
using model::json_parts::text_or_null;
using model::json_parts::time_or_null;

/// Workers may name as many as they like.
constexpr std::size_t jobs_most = 2'000;

Json job_json(const reports::JobHistory& job) {
    const auto duration =
        std::chrono::floor<std::chrono::milliseconds>(job.last.completed - job.last.started);
    return {{"name", job.last.name},
            {"host", job.last.host},
            {"last_started", model::format_timestamp(job.last.started)},
            {"last_completed", model::format_timestamp(job.last.completed)},
            {"duration_ms", duration.count()},
            {"runs", job.runs.size()},
            {"usual_pause", job.usual_pause ? Json(job.usual_pause->count()) : Json(nullptr)},
            {"expected_by", time_or_null(job.expected_by)},
            {"late", job.expected_by ? Json(job.is_late) : Json(nullptr)}};
}

Json branch_json(const model::Branch& branch, bool tells_words) {
    const auto& mirroring = branch.mirroring;
    return {{"id", model::to_integer(branch.id)},
            {"name", branch.name},
            {"type", to_string(branch.type)},
            {"last_mirror_attempt", time_or_null(mirroring.last_mirror_attempt)},
            {"last_mirrored", time_or_null(mirroring.last_mirrored)},
            {"mirror_failures", mirroring.mirror_failures},
            {"mirror_status_message",
             tells_words ? text_or_null(mirroring.mirror_status_message) : Json(nullptr)},
            {"next_mirror_time", time_or_null(mirroring.next_mirror_time)},
            {"lease_end",
             mirroring.attempt ? time_or_null(mirroring.attempt->lease_end) : Json(nullptr)}};
}

Json list_json(const BranchList& list, bool tells_words) {
    auto branches = Json::array();
    for (const model::Branch& branch : list.first) {
        branches.push_back(branch_json(branch, tells_words));
    }
    return {{"total", list.total}, {"branches", std::move(branches)}};
}

}  // namespace

Response list_jobs(const Request& request, const JobsPicture& picture, const Caller& caller) {
    const Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    auto jobs = Json::array();
    for (std::size_t i = 0; i < std::min(picture.jobs.size(), jobs_most); ++i) {
        jobs.push_back(job_json(picture.jobs[i]));
    }
    const bool is_admin = caller.kind == Caller::Kind::admin;
    const auto& branches = picture.branches;
    const Json json = {{"read_at", model::format_timestamp(picture.read_at)},
                       {"total", picture.jobs.size()},
                       {"jobs", std::move(jobs)},
                       {"branches",
                        {{"total", branches.total},
                         {"due", list_json(branches.due, is_admin)},
                         {"under_way", list_json(branches.under_way, is_admin)},
                         {"failing", list_json(branches.failing, is_admin)}}}};
    return json_response(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace service
