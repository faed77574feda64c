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

/// In place of a freshness: neither there nor simply missing.
constexpr std::uint8_t refused = 0xFF;
/// Of so many it is kept what came back instead.
constexpr std::size_t refusals_max = 100;

constexpr bool is_row(std::uint8_t found) {
    return found != 0 && found != refused;
}

bool is_gone(model::Outcome outcome) {
    return outcome.kind == model::OutcomeKind::http_status &&
           (outcome.status == 404 || outcome.status == 410 || outcome.status == 550);
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
      spool_{around.spool},
      preamble_{around.preamble},
      clock_{around.clock},
      found_(task_.plan->target_count()) {
    if (task_.look && !asked_.empty()) {
        task_.look->is_asked.assign(task_.plan->suites().size(), false);
        for (const auto target : asked_) {
            task_.look->is_asked[task_.plan->suite(target)] = true;
        }
        look_ = std::make_unique<MirrorLook>(std::move(*task_.look), around.client, clock_);
        look_stage_ = LookStage::waiting;
    }
}

MirrorLook* MirrorProbe::begin_opening() {
    if (look_stage_ != LookStage::waiting) {
        return nullptr;
    }
    begin_log();
    look_stage_ = LookStage::opening;
    return look_.get();
}

void MirrorProbe::end_opening() {
    look_stage_ = unfinished_reason_.empty() ? LookStage::open : LookStage::closed;
    abandon_if_cut_off();
}

MirrorLook* MirrorProbe::begin_closing() {
    if (look_stage_ != LookStage::open || !has_ended_targets()) {
        return nullptr;
    }
    look_stage_ = LookStage::closing;
    return look_.get();
}

void MirrorProbe::end_closing() {
    look_stage_ = LookStage::closed;
    abandon_if_cut_off();
}

void MirrorProbe::abandon_if_cut_off() {
    if (look_->was_cancelled()) {
        abandon("the run was ended");
    }
}

Target MirrorProbe::begin_target() {
    assert(targets_left() > 0);
    begin_log();
    return asked_[targets_begun_++];
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
    compare(target, url, answer);
    if (!answer.outcome.is_ok()) {
        log(url, answer,
            fmt::format("{}: {}{}", task_.assignment.had[target] ? "row removed" : "not carried",
                        reason_missing(answer, model::Content::archive),
                        detail_in_brackets(answer)),
            now);
        return Next::end_target;
    }
    found_[target] = to_byte(model::Freshness::unknown);
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
        found_[target] = to_byte(freshness);
        log(url, answer, fmt::format("freshness {}", to_string(freshness)), now);
        return Next::end_target;
    }
    const bool is_last = check + 1 == checks.size();
    log(url, answer,
        fmt::format("not {}{}{}", to_string(freshness), is_last ? ", freshness UNKNOWN" : "",
                    detail_in_brackets(answer)),
        now);
    return is_last ? Next::end_target : Next::check_freshness;
}

/// The path below the suite's folder stands at the end of the URL.
void MirrorProbe::compare(Target target, std::string_view url, const Answer& answer) {
    if (!look_) {
        return;
    }
    if (answer.outcome.is_ok()) {
        constexpr std::string_view folder = "dists/";
        const auto suite = task_.plan->suite(target);
        const auto begin =
            task_.base_url.size() + folder.size() + task_.plan->suites()[suite].size() + 1;
        look_->index_answered(suite, url.substr(begin), answer);
    } else if (!is_gone(answer.outcome)) {
        found_[target] = refused;
        if (refusals_.size() < refusals_max) {
            refusals_.emplace(target, answer.outcome);
        }
    }
}

std::vector<model::IndexFacts> MirrorProbe::facts_of(std::size_t suite) const {
    std::vector<model::IndexFacts> facts;
    const auto folder = "dists/" + task_.plan->suites().at(suite) + "/";
    for (const auto target : asked_) {
        if (task_.plan->suite(target) != suite) {
            continue;
        }
        auto& index = facts.emplace_back();
        const auto path = task_.plan->path(target);
        index.path = path.substr(folder.size());
        index.url = model::join_url(task_.base_url, path);
        index.outcome = {.kind = model::OutcomeKind::ok};
        if (found_[target] == refused) {
            const auto kept = refusals_.find(target);
            index.outcome = kept != refusals_.end()
                                ? kept->second
                                : model::Outcome{.kind = model::OutcomeKind::skipped};
        } else if (found_[target] == 0) {
            index.outcome = {.kind = model::OutcomeKind::http_status, .status = 404};
        }
    }
    return facts;
}

/// And what was found of the mirror before.
void MirrorProbe::take_look(model::ProbeResult& result) {
    auto& observation = result.observation;
    if (look_) {
        for (std::size_t suite = 0; suite < task_.plan->suites().size(); ++suite) {
            if (look_->is_asked(suite)) {
                look_->judge(suite, facts_of(suite), true);
            }
        }
        observation = look_->take_observation(costs_);
    } else {
        observation.costs = costs_;
    }
    std::ranges::copy(findings_, std::back_inserter(observation.findings));
    model::sort_findings(observation.findings);
    for (const auto& finding : observation.findings) {
        spool_.append(log_, model::format_log_finding(result.record.finished, finding));
    }
    if (look_ && !look_->is_archive()) {
        std::ranges::fill(found_, std::uint8_t{0});
        remark("not an archive: nothing that this host says counts", result.record.finished);
    }
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
    for (const auto target : asked_) {
        if (is_row(found_[target])) {
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
    const auto has_nothing = [this] { return std::ranges::none_of(found_, is_row); };
    if (is_disallowed_ && has_ended_targets() && has_nothing()) {
        // Whom we may not ask, we cannot judge.
        abandon("its owner disallows to ask for it in /.well-known/mirrorwarden.txt");
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
            fmt::format("its host asks us to come later ({}: {})", url, to_string(answer.outcome)));
    } else if (answer.outcome.kind == model::OutcomeKind::cancelled) {
        abandon("the run was ended");
    } else {
        abandon(fmt::format("trouble on our side at {}{}", url, detail_in_brackets(answer)));
    }
    return true;
}

/// The first reason is the one to tell.
void MirrorProbe::abandon(std::string reason) {
    if (unfinished_reason_.empty()) {
        unfinished_reason_ = std::move(reason);
    }
    targets_ended_ += targets_left();
    targets_begun_ = asked_.size();
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
