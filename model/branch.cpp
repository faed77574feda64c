#include "model/branch.hpp"

#include "model/plain_text.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace model {
namespace {

constexpr std::size_t reason_bytes_max = 1'000;
constexpr std::string_view cut_mark = "…";

constexpr std::array<std::pair<BranchType, std::string_view>, 4> type_names{{
    {BranchType::hosted, "HOSTED"},
    {BranchType::mirrored, "MIRRORED"},
    {BranchType::imported, "IMPORTED"},
    {BranchType::remote, "REMOTE"},
}};

std::optional<BranchRefusal> refuse_remote(const Branch& branch) {
    if (branch.type != BranchType::remote) {
        return std::nullopt;
    }
    return BranchRefusal{BranchRefusal::Kind::not_mirrored,
                         fmt::format("Branch {} is REMOTE: it is only registered, never mirrored.",
                                     in_quotes(branch.name))};
}

std::optional<BranchRefusal> refuse_report(const Branch& branch, const MirrorReport& report) {
    if (auto refusal = refuse_remote(branch)) {
        return refusal;
    }
    const auto& attempt = branch.mirroring.attempt;
    const bool is_theirs = attempt && (report.token.empty() ? report.worker == attempt->worker
                                                            : report.token == attempt->token);
    if (is_theirs) {
        return std::nullopt;
    }
    const bool is_late = attempt || !report.token.empty();
    return is_late ? BranchRefusal{BranchRefusal::Kind::stale_attempt,
                                   fmt::format("That attempt to mirror branch {} is over: its "
                                               "lease ended, or another has begun.",
                                               in_quotes(branch.name))}
                   : BranchRefusal{BranchRefusal::Kind::not_started,
                                   fmt::format("No mirroring of branch {} is under way: start it "
                                               "before you report on it.",
                                               in_quotes(branch.name))};
}

BranchMirroring failed(const Branch& branch, std::string message, Timestamp when) {
    auto mirroring = branch.mirroring;
    mirroring.attempt.reset();
    ++mirroring.mirror_failures;
    mirroring.mirror_status_message = std::move(message);
    const bool is_tried_again =
        branch.type == BranchType::mirrored && mirroring.mirror_failures < mirror_failures_max;
    if (!mirroring.next_mirror_time && is_tried_again) {
        mirroring.next_mirror_time =
            when + mirror_interval * (1 << (mirroring.mirror_failures - 1));
    }
    return mirroring;
}

}  // namespace

std::string_view to_string(BranchType type) noexcept {
    const auto* const found =
        std::ranges::find(type_names, type, &decltype(type_names)::value_type::first);
    return found == type_names.end() ? "UNKNOWN" : found->second;
}

std::optional<BranchType> parse_branch_type(std::string_view name) noexcept {
    const auto* const found =
        std::ranges::find(type_names, name, &decltype(type_names)::value_type::second);
    return found == type_names.end() ? std::nullopt : std::optional(found->first);
}

BranchResult start_mirroring(const Branch& branch, const MirrorReport& report,
                             std::chrono::seconds lease) {
    if (auto refusal = refuse_remote(branch)) {
        return std::move(*refusal);
    }
    auto mirroring = branch.mirroring;
    mirroring.last_mirror_attempt = report.when;
    mirroring.next_mirror_time.reset();
    mirroring.attempt = MirrorAttempt{
        .token = report.token, .worker = report.worker, .lease_end = report.when + lease};
    return mirroring;
}

BranchResult complete_mirroring(const Branch& branch, const MirrorReport& report,
                                const std::string& revision) {
    if (auto refusal = refuse_report(branch, report)) {
        return std::move(*refusal);
    }
    auto mirroring = branch.mirroring;
    mirroring.attempt.reset();
    mirroring.last_mirrored = mirroring.last_mirror_attempt;
    mirroring.last_mirrored_id = revision;
    mirroring.mirror_failures = 0;
    mirroring.mirror_status_message.clear();
    if (!mirroring.next_mirror_time && branch.type == BranchType::mirrored) {
        mirroring.next_mirror_time = report.when + mirror_interval;
    }
    return mirroring;
}

BranchResult fail_mirroring(const Branch& branch, const MirrorReport& report,
                            const std::string& reason) {
    if (auto refusal = refuse_report(branch, report)) {
        return std::move(*refusal);
    }
    return failed(branch, kept_reason(reason), report.when);
}

BranchResult request_mirroring(const Branch& branch, Timestamp now) {
    if (auto refusal = refuse_remote(branch)) {
        return std::move(*refusal);
    }
    auto mirroring = branch.mirroring;
    mirroring.next_mirror_time = std::min(mirroring.next_mirror_time.value_or(now), now);
    return mirroring;
}

std::optional<BranchMirroring> end_lease(const Branch& branch, Timestamp now) {
    const auto& attempt = branch.mirroring.attempt;
    if (!attempt || now < attempt->lease_end) {
        return std::nullopt;
    }
    const auto started = branch.mirroring.last_mirror_attempt.value_or(attempt->lease_end);
    const auto lease = std::chrono::ceil<std::chrono::minutes>(attempt->lease_end - started);
    return failed(branch, fmt::format("no report within {} minutes", lease.count()), now);
}

bool is_due(const Branch& branch, std::span<const BranchType> types, Timestamp now) noexcept {
    const auto& mirroring = branch.mirroring;
    const auto& next = mirroring.next_mirror_time;
    return branch.type != BranchType::remote && !mirroring.attempt && next &&
           (*next <= now || *next > now + mirror_pause_beyond) &&
           std::ranges::find(types, branch.type) != types.end();
}

std::string kept_reason(std::string_view reason) {
    std::string line = one_line(reason);
    if (line.size() <= reason_bytes_max) {
        return line;
    }
    std::size_t end = 0;
    for (std::size_t next = 0; next + cut_mark.size() <= reason_bytes_max;
         next += first_character(std::string_view(line).substr(next)).length) {
        end = next;
    }
    line.resize(end);
    return line.append(cut_mark);
}

}  // namespace model
