#pragma once

#include "model/branch.hpp"
#include "model/script_activity.hpp"
#include "model/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Workers: they have no database, and tell a service what they did. What is sent, what the
/// answer means and when to send again are pure functions.
namespace workers {

/// One thing to tell the service: a POST of JSON.
struct Report {
    std::string path;       // "/api/v1/branches/7/mirror-complete"
    std::string body;       // as it is sent at once
    std::string late_body;  // as it is sent after it had to wait: says when it was
    std::string about;      // for people: "that branch 7 is complete"

    friend bool operator==(const Report&, const Report&) = default;
};

Report branch_started(model::BranchId, model::Timestamp started);
/// `attempt` empty: of the attempt that this worker began by the branch's number.
Report branch_complete(model::BranchId, std::string_view revision, std::string_view attempt);
/// Of a long reason the beginning; what is no UTF-8 is replaced.
Report branch_failed(model::BranchId, std::string_view reason, std::string_view attempt);
Report branch_requested(model::BranchId);
Report script_ran(const model::ScriptActivity&);
Report mirror_sync_started(const std::string& mirror);
Report mirror_sync_completed(const std::string& mirror);

/// The question for a branch that is due. Never kept for later: its answer is a promise to work.
Report acquire_branch(const std::vector<model::BranchType>& types);

/// The same report, of that attempt, where it is of one and names none yet.
Report with_attempt(Report, std::string_view attempt);

/// It begins an attempt: without it, what follows in the same run means nothing.
bool is_start(const Report&) noexcept;

}  // namespace workers
