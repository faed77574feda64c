#include "tools/service/branch_reports.hpp"

#include "model/text_rules.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace service {
namespace {

using model::Branch;
using model::BranchId;
using model::BranchRefusal;
using model::BranchResult;
using model::MirrorReport;
using model::Timestamp;

constexpr std::size_t revision_bytes_max = 500;
constexpr std::size_t script_bytes_max = 100;
constexpr std::size_t host_bytes_max = 253;  // of a domain name
/// A clock that is further ahead would say for long that a dead job is well.
constexpr std::chrono::hours recorded_ahead_max{1};

ReportedBranch change(const Reporter& reporter, BranchId id,
                      const std::function<BranchResult(const Branch&)>& rule) {
    Branch branch;
    auto changed = reporter.store.change_branch(id, [&](const Branch& found) {
        branch = found;
        return rule(found);
    });
    if (!changed) {
        return std::nullopt;
    }
    if (changed->has_error()) {
        return changed->error();
    }
    branch.mirroring = std::move(**changed);
    return branch;
}

MirrorReport report_of(const Reporter& reporter, const std::string& token) {
    return {.worker = reporter.worker, .token = token, .when = reporter.now};
}

bool is_name(const std::string& text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max &&
           model::is_plain_text(text, model::Lines::one);
}

}  // namespace

ReportedBranch report_start(const Reporter& reporter, BranchId id, const std::string& token,
                            std::optional<Timestamp> started) {
    auto report = report_of(reporter, token);
    report.when = started.value_or(reporter.now);
    const auto lease =
        reporter.lease + std::chrono::ceil<std::chrono::seconds>(reporter.now - report.when);
    return change(reporter, id, [&](const Branch& branch) -> BranchResult {
        const auto& last = branch.mirroring.last_mirror_attempt;
        if (started && last && *started < *last) {
            return BranchRefusal{
                BranchRefusal::Kind::stale_attempt,
                fmt::format("Branch {} was last attempted at {}, after what is reported.",
                            model::in_quotes(branch.name), model::format_timestamp(*last))};
        }
        return start_mirroring(branch, report, lease);
    });
}

ReportedBranch report_complete(const Reporter& reporter, BranchId id, const std::string& token,
                               const std::string& revision) {
    const auto report = report_of(reporter, token);
    return change(reporter, id, [&](const Branch& branch) {
        return complete_mirroring(branch, report, revision);
    });
}

ReportedBranch report_failed(const Reporter& reporter, BranchId id, const std::string& token,
                             const std::string& reason) {
    const auto report = report_of(reporter, token);
    return change(reporter, id,
                  [&](const Branch& branch) { return fail_mirroring(branch, report, reason); });
}

ReportedBranch report_request(const Reporter& reporter, BranchId id) {
    return change(reporter, id,
                  [&](const Branch& branch) { return request_mirroring(branch, reporter.now); });
}

std::optional<Branch> acquire(const Reporter& reporter, std::span<const model::BranchType> types) {
    if (types.empty()) {
        types = model::pulled_types;
    }
    return reporter.store.acquire_branch(types, report_of(reporter, new_attempt_token()),
                                         reporter.lease);
}

std::string new_attempt_token() {
    return to_string(hash_of(random_secret()));
}

std::optional<std::string> revision_fault(const std::string& revision) {
    if (revision.size() <= revision_bytes_max &&
        model::is_plain_text(revision, model::Lines::one)) {
        return std::nullopt;
    }
    return fmt::format("one line of UTF-8 without control characters, {} bytes at most",
                       revision_bytes_max);
}

std::optional<std::string> activity_fault(const model::ScriptActivity& activity, Timestamp now) {
    const auto bad_text = [](std::string_view field, std::size_t bytes_max) {
        return fmt::format("{}: one line of UTF-8 without control characters, of 1 to {} bytes",
                           field, bytes_max);
    };
    if (!is_name(activity.name, script_bytes_max)) {
        return bad_text("name", script_bytes_max);
    }
    if (!is_name(activity.host, host_bytes_max)) {
        return bad_text("host", host_bytes_max);
    }
    if (activity.completed < activity.started) {
        return "completed: not before started";
    }
    if (activity.completed > now + recorded_ahead_max) {
        return fmt::format("completed: not in the future; it is {} here",
                           model::format_timestamp(now));
    }
    return std::nullopt;
}

}  // namespace service
