#include "prober/mirror_probe.hpp"

#include "model/host_findings.hpp"
#include "model/mirror_url.hpp"
#include "model/probe_log.hpp"
#include "prober/answer_text.hpp"
#include "prober/url_origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace prober {
namespace {

std::uint8_t to_byte(model::Freshness freshness) {
    return static_cast<std::uint8_t>(freshness);
}

std::string describe(const model::OutcomeCounts& outcomes) {
    std::string text;
    for (const auto& [outcome, count] : outcomes) {
        fmt::format_to(std::back_inserter(text), "{}{} {}", text.empty() ? "" : ", ", outcome,
                       count);
    }
    return text;
}

std::string_view explain_verdict(model::ProbeVerdict verdict, model::Content content) {
    if (verdict == model::ProbeVerdict::nothing_expected) {
        return "nothing was expected, so nothing is decided";
    }
    if (verdict == model::ProbeVerdict::passed) {
        return "passed";
    }
    return content == model::Content::archive
               ? "failed: a mirror without a single index is to be disabled"
               : "failed: a mirror that lacks an image is to be disabled";
}

}  // namespace

MirrorProbe::MirrorProbe(MirrorTask task, const Surroundings& around)
    : task_{std::move(task)},
      asked_{*task_.assignment.asked},
      queue_{task_.assignment.asked},
      spool_{around.spool},
      preamble_{around.preamble},
      clock_{around.clock},
      found_(task_.plan->target_count()) {
    if (task_.look && !asked_.empty()) {
        if (task_.plan->content() == model::Content::archive) {
            task_.look->is_asked.assign(task_.plan->suites().size(), false);
            for (const auto target : asked_) {
                task_.look->is_asked[task_.plan->suite(target)] = true;
            }
        } else if (std::ranges::all_of(asked_, [this](Target t) { return is_compared(t); })) {
            task_.look->impossible_names.clear();
        }
        look_ = std::make_unique<MirrorLook>(std::move(*task_.look), around.client, clock_);
        look_stage_ = LookStage::waiting;
        if (std::ranges::any_of(task_.before,
                                [](const auto& suite) { return suite.has_value(); })) {
            queue_.hold([this](Target target) {
                return task_.before[task_.plan->suite(target)].has_value();
            });
        }
    }
}

Target MirrorProbe::begin_target() {
    assert(targets_left() > 0);
    begin_log();
    return queue_.begin();
}

void MirrorProbe::begin_log() {
    if (std::exchange(is_begun_, true)) {
        return;
    }
    started_ = clock_();
    remark(preamble_, started_);
    remark(fmt::format("probing {} ({}, {}) at {}, asking for {} {}", task_.name,
                       task_.plan->distribution().name, to_string(task_.plan->content()),
                       task_.base_url, asked_.size(),
                       task_.plan->content() == model::Content::archive ? "indexes" : "images"),
           started_);
}

std::string MirrorProbe::target_url(Target target) const {
    return model::join_url(task_.base_url, task_.plan->path(target));
}

std::string MirrorProbe::check_url(const ProbePlan::Check& check) const {
    return model::join_url(task_.base_url, task_.plan->check_path(check));
}

MirrorProbe::Next MirrorProbe::record_target(Target target, std::string_view url,
                                             const Answer& answer, model::Timestamp now) {
    const bool is_archive = task_.plan->content() == model::Content::archive;
    count(answer, is_archive ? "index" : "image");
    if (abandon_if_inconclusive(url, answer, now)) {
        return Next::end_target;
    }
    is_disallowed_ |= answer.host_wish == HostWish::leave_alone;
    if (task_.plan->content() == model::Content::release) {
        record_image(target, url, answer, now);
        return Next::end_target;
    }
    compare(target, answer);
    expect_as_before(target, answer.outcome.is_ok());
    if (!answer.outcome.is_ok()) {
        log(url, answer,
            fmt::format("{}: {}{}", task_.assignment.had[target] ? "row removed" : "not carried",
                        reason_missing(answer, model::Content::archive),
                        detail_in_brackets(answer)),
            now);
        return Next::end_target;
    }
    found_.set(target, to_byte(model::Freshness::unknown));
    const bool has_checks = !task_.plan->checks(target).empty();
    log(url, answer,
        has_checks ? "row ensured" : "row ensured, freshness UNKNOWN: no publication to check",
        now);
    return has_checks ? Next::check_freshness : Next::end_target;
}

MirrorProbe::Next MirrorProbe::record_check(Target target, std::size_t check, std::string_view url,
                                            const Answer& answer, model::Timestamp now) {
    count(answer, "freshness");
    if (abandon_if_inconclusive(url, answer, now)) {
        return Next::end_target;
    }
    const auto checks = task_.plan->checks(target);
    const auto freshness = checks[check].freshness;
    if (answer.outcome.is_ok()) {
        found_.set(target, to_byte(freshness));
        log(url, answer, fmt::format("freshness {}", to_string(freshness)), now);
        return Next::end_target;
    }
    expect_as_before(target, false);
    const bool is_last = check + 1 == checks.size();
    log(url, answer,
        fmt::format("not {}{}{}", to_string(freshness), is_last ? ", freshness UNKNOWN" : "",
                    detail_in_brackets(answer)),
        now);
    return is_last ? Next::end_target : Next::check_freshness;
}

model::ProbeResult MirrorProbe::take_result(model::Timestamp now) {
    assert(is_over() && unfinished_reason_.empty());
    model::ProbeResult result;
    result.mirror = task_.mirror;
    auto& record = result.record;
    record.started = asked_.empty() ? now : started_;
    record.finished = now;
    record.decided = false;
    take_look(result);
    carry_spared();
    forget_what_is_no_archive(now);
    for (const auto& cost : result.observation.costs) {
        record.requests += cost.requests;
    }
    for (const auto& [outcome, count] : outcomes_) {
        record.outcomes.emplace(to_string(outcome), count);
    }
    result.maintenance_until = maintenance_until_;
    task_.plan->content() == model::Content::archive ? find_rows(result) : find_images(result);
    remark(
        fmt::format("{} of {} found, {} requests{}{}; {}", record.found, record.expected,
                    record.requests, record.outcomes.empty() ? "" : ": ", describe(record.outcomes),
                    explain_verdict(record.verdict, task_.plan->content())),
        now);
    result.log_gz = spool_.take(log_);
    return result;
}

void MirrorProbe::find_rows(model::ProbeResult& result) const {
    const auto has_row = [this](Target target) { return is_row(found_[target]); };
    result.rows.reserve(static_cast<std::size_t>(std::ranges::count_if(asked_, has_row)));
    for (const auto target : asked_) {
        if (has_row(target)) {
            result.rows.push_back({.bucket = task_.plan->bucket(target),
                                   .freshness = model::Freshness{found_[target]}});
        }
    }
    result.record.expected = static_cast<std::uint32_t>(asked_.size());
    result.record.found = static_cast<std::uint32_t>(result.rows.size());
    result.record.verdict = asked_.empty()        ? model::ProbeVerdict::nothing_expected
                            : result.rows.empty() ? model::ProbeVerdict::failed
                                                  : model::ProbeVerdict::passed;
}

void MirrorProbe::count(const Answer& answer, std::string_view kind) {
    ++outcomes_[answer.outcome];
    auto cost = std::find_if(costs_.begin(), costs_.end(), [kind](const model::RequestCost& known) {
        return known.kind == kind;
    });
    if (cost == costs_.end()) {
        cost = costs_.insert(cost, {.kind = std::string(kind), .requests = 0, .bytes = 0});
    }
    cost->requests += answer.requests;
    cost->bytes += answer.bytes;
}

void MirrorProbe::end_target() {
    ++targets_ended_;
    const auto has_nothing = [this] {
        return std::ranges::none_of(asked_,
                                    [this](Target target) { return is_row(found_[target]); });
    };
    if (is_disallowed_ && has_ended_targets() && has_nothing()) {
        // Whom we may not ask, we cannot judge.
        abandon("its owner disallows to ask for it in /.well-known/mirrorwarden.txt",
                Whose::theirs);
    }
}

void MirrorProbe::take_rules(const model::HostRules& rules, model::Timestamp now) {
    const auto origin = parse_origin(task_.base_url);
    const auto url =
        task_.base_url.substr(0, origin ? origin->length : 0) + "/.well-known/mirrorwarden.txt";
    for (const auto& [line, what] : rules.remarks) {
        findings_.push_back(model::host_rules_invalid(url, fmt::format("line {}: {}", line, what)));
    }
    maintenance_until_ = rules.maintenance_until;
    std::string text = "its owner asks in /.well-known/mirrorwarden.txt for";
    auto to = std::back_inserter(text);
    if (rules.requests_per_second) {
        fmt::format_to(to, " at most {} requests a second,", *rules.requests_per_second);
    }
    if (!rules.disallowed.empty()) {
        fmt::format_to(to, " {} paths to be left alone,", rules.disallowed.size());
    }
    if (rules.maintenance_until) {
        fmt::format_to(to, " maintenance until {},",
                       model::format_timestamp(*rules.maintenance_until));
    }
    if (text.back() == ',') {
        text.pop_back();
        remark(text, now);
    }
}

/// The rest is not asked then: without this answer there will be no result.
bool MirrorProbe::abandon_if_inconclusive(std::string_view url, const Answer& answer,
                                          model::Timestamp now) {
    const bool must_come_later = answer.host_wish == HostWish::come_later;
    if (!model::is_inconclusive(answer.outcome.kind) && !must_come_later) {
        return false;
    }
    log(url, answer,
        must_come_later ? "its host asks us to come later" : "nothing can be said of the mirror",
        now);
    if (must_come_later) {
        abandon(
            fmt::format("its host asks us to come later ({}: {})", url, to_string(answer.outcome)),
            Whose::theirs);
    } else if (answer.outcome.kind == model::OutcomeKind::cancelled) {
        abandon("the run was ended", Whose::ours);
    } else {
        abandon(fmt::format("trouble on our side at {}{}", url, detail_in_brackets(answer)),
                Whose::ours);
    }
    return true;
}

/// The first reason is the one to tell.
void MirrorProbe::abandon(std::string reason, Whose whose) {
    if (unfinished_reason_.empty()) {
        unfinished_reason_ = std::move(reason);
        is_unfinished_by_wish_ = whose == Whose::theirs;
    }
    targets_ended_ += targets_left();
    queue_.end();
    if (look_stage_ == LookStage::open) {
        look_stage_ = LookStage::closed;
    }
}

void MirrorProbe::log(std::string_view url, const Answer& answer, std::string_view meaning,
                      model::Timestamp now) {
    spool_.append(log_, model::format_log_line({.when = now,
                                                .outcome = answer.outcome,
                                                .url = url,
                                                .final_url = answer.final_url,
                                                .meaning = meaning}));
}

void MirrorProbe::remark(std::string_view text, model::Timestamp now) {
    spool_.append(log_, model::format_log_remark(now, text));
}

}  // namespace prober
