#pragma once

#include "model/store.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>

/// What workers report of branches, whatever the request looks like.
namespace service {

/// Who reports, when, and by which rules. It outlives no request.
struct Reporter {
    model::Store& store;
    std::string worker;  // of whose token it is
    model::Timestamp now;
    std::chrono::seconds lease;
};

/// The branch as the report left it, or why nothing was changed; empty: there is none with that
/// number.
using ReportedBranch = std::optional<boost::system::result<model::Branch, model::BranchRefusal>>;

/// How far a worker's clock may be ahead of ours.
inline constexpr std::chrono::minutes clock_error_max{1};

/// `started` where the report comes late, not after `now`: refused as `stale_attempt` where
/// the branch's last attempt began after it. The lease begins now.
ReportedBranch report_start(const Reporter&, model::BranchId, const std::string& token,
                            std::optional<model::Timestamp> started);
ReportedBranch report_complete(const Reporter&, model::BranchId, const std::string& token,
                               const std::string& revision);
ReportedBranch report_failed(const Reporter&, model::BranchId, const std::string& token,
                             const std::string& reason);
ReportedBranch report_request(const Reporter&, model::BranchId);
/// Of `pulled_types` where no types are named. Empty: nothing is due. The attempt has a token of
/// its own.
std::optional<model::Branch> acquire(const Reporter&, std::span<const model::BranchType>);

/// For an attempt that begins: 64 random hexadecimal digits.
std::string new_attempt_token();

/// What a revision should be; empty where this is one.
std::optional<std::string> revision_fault(const std::string&);

/// What is wrong with a job's run, "name: ..."; empty where it may be recorded.
std::optional<std::string> activity_fault(const model::ScriptActivity&, model::Timestamp now);

}  // namespace service
