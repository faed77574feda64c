#include "model/policy.hpp"

#include "model/duration_text.hpp"
#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace model {
namespace {

using Kind = DisableReason::Kind;

constexpr std::string_view lag_prefix = "lag";

struct Word {
    Kind kind;
    std::string_view name;
    Integrity integrity;  // that it is about; `whole`: none
};

constexpr std::array words = {
    Word{Kind::no_content, "no-content", Integrity::whole},
    Word{Kind::bad_signature, "bad-signature", Integrity::bad_signature},
    Word{Kind::foreign, "foreign", Integrity::foreign},
    Word{Kind::not_an_archive, "not-an-archive", Integrity::not_an_archive},
    Word{Kind::torn, "torn", Integrity::torn},
    Word{Kind::expired, "expired", Integrity::expired},
};

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string unknown_reason_text(std::string_view text) {
    std::array<std::string_view, words.size() + 1> known;
    std::ranges::transform(words, known.begin(), &Word::name);
    known.back() = "lag>7d";
    const auto nearest = nearest_word(text, known);
    if (nearest.empty()) {
        return fmt::format("{} is no reason to disable a mirror; the reasons are {}",
                           in_quotes(text), fmt::join(known, ", "));
    }
    return fmt::format("{} is no reason to disable a mirror; did you mean \"{}\"?", in_quotes(text),
                       nearest);
}

/// The primary itself offers nothing newer: the mirror is not to blame.
bool is_up_to_date(const SuiteState& suite) noexcept {
    return suite.lag && suite.lag->behind == std::chrono::seconds{0};
}

/// Empty where the suite gives no such reason.
std::string fault_of(const SuiteState& suite, const DisableReason& reason) {
    if (reason.kind == Kind::lag) {
        const bool is_behind = suite.lag && suite.lag->behind > reason.lag_max;
        return is_behind
                   ? fmt::format("{} is {} behind", suite.suite, duration_text(suite.lag->behind))
                   : "";
    }
    const auto* const word = std::ranges::find(words, reason.kind, &Word::kind);
    const bool is_blamed = reason.kind != Kind::expired || !is_up_to_date(suite);
    const bool is_so = word->integrity != Integrity::whole && suite.integrity == word->integrity;
    return is_so && is_blamed ? fmt::format("{} is {}", suite.suite, to_string(suite.integrity))
                              : "";
}

/// For people; empty if the probe gives no such reason.
std::string find_fault(const DisableReason& reason, ProbeVerdict verdict,
                       const Observation& observation) {
    if (reason.kind == Kind::no_content) {
        return verdict == ProbeVerdict::failed ? to_string(reason) : "";
    }
    std::vector<std::string> faults;
    for (const auto& suite : observation.suites) {
        if (auto fault = fault_of(suite, reason); !fault.empty()) {
            faults.push_back(std::move(fault));
        }
    }
    return faults.empty() ? "" : fmt::format("{}: {}", to_string(reason), fmt::join(faults, ", "));
}

/// How far a suite was judged: what is wrong with a suite hides what is judged after it.
/// Source: model::judge_suite.
enum class Depth { nothing, archive, signature, identity, age, indexes };

Depth depth_of(const SuiteState& suite) noexcept {
    switch (suite.integrity) {
    case Integrity::whole:
    case Integrity::torn: return Depth::indexes;
    // Whether it is torn is seen when there was time enough.
    case Integrity::syncing:
    case Integrity::expired: return Depth::age;
    case Integrity::foreign: return Depth::identity;
    case Integrity::bad_signature: return Depth::signature;
    case Integrity::not_an_archive:
    case Integrity::missing: return Depth::archive;
    // Of a Release that came, its signature or an index is not known.
    case Integrity::unknown: return suite.release_date ? Depth::age : Depth::nothing;
    }
    return Depth::nothing;
}

Depth depth_of(Kind kind) noexcept {
    switch (kind) {
    case Kind::no_content: return Depth::nothing;
    case Kind::not_an_archive: return Depth::archive;
    case Kind::bad_signature: return Depth::signature;
    case Kind::foreign: return Depth::identity;
    case Kind::lag:
    case Kind::expired: return Depth::age;
    case Kind::torn: return Depth::indexes;
    }
    return Depth::indexes;
}

bool is_unchecked(const Observation& observation, const std::string& suite) {
    return std::ranges::any_of(observation.findings, [&](const Finding& finding) {
        return finding.rule == "signature-unchecked" && finding.subject == suite;
    });
}

/// The mirror has suites, though maybe not all that are asked for.
bool has_suites(const Observation& observation) {
    return std::ranges::any_of(
        observation.suites, [](const SuiteState& suite) { return suite.release_date.has_value(); });
}

/// That the mirror keeps the rule cannot be told from that.
bool is_untold(const Observation& observation, const SuiteState& suite,
               const DisableReason& reason) {
    if (suite.integrity == Integrity::missing && has_suites(observation)) {
        return false;
    }
    if (reason.kind == Kind::lag) {
        return !suite.lag;
    }
    return depth_of(suite) < depth_of(reason.kind) ||
           (reason.kind == Kind::bad_signature && is_unchecked(observation, suite.suite));
}

bool judges_suites(const std::vector<DisableReason>& reasons) {
    return std::ranges::any_of(
        reasons, [](const DisableReason& reason) { return reason.kind != Kind::no_content; });
}

void add_suite_rules(PolicyVerdict& judged, const std::vector<DisableReason>& reasons,
                     const Observation& observation) {
    for (std::size_t rule = 0; rule < reasons.size(); ++rule) {
        if (reasons[rule].kind == Kind::no_content) {
            continue;
        }
        for (const auto& suite : observation.suites) {
            if (!fault_of(suite, reasons[rule]).empty()) {
                judged.broken.push_back({.rule = rule, .suite = suite.suite});
            } else if (is_untold(observation, suite, reasons[rule])) {
                judged.untold.push_back({.rule = rule, .suite = suite.suite});
            }
        }
    }
    judged.told_nothing = observation.suites.empty() && judges_suites(reasons);
}

/// The probe that is decided on is one of them.
bool is_enough(int earlier, int asked) noexcept {
    // Not earlier + 1: that overflows where a count was made up.
    return earlier >= asked - 1;
}

}  // namespace

std::string to_string(const DisableReason& reason) {
    if (reason.kind == Kind::lag) {
        return fmt::format("lag>{}", format_duration(reason.lag_max));
    }
    return std::string{std::ranges::find(words, reason.kind, &Word::kind)->name};
}

boost::system::result<DisableReason, std::string> parse_disable_reason(std::string_view text) {
    const auto* const word = std::ranges::find(words, text, &Word::name);
    if (word != words.end()) {
        return DisableReason{.kind = word->kind, .lag_max = {}};
    }
    const auto sign = text.find('>');
    if (sign == std::string_view::npos || trim(text.substr(0, sign)) != lag_prefix) {
        return unknown_reason_text(text);
    }
    const auto lag_max = parse_duration(trim(text.substr(sign + 1)));
    if (!lag_max) {
        return fmt::format(
            "{}: after \"lag>\" comes a whole number and m, h, d or w (minutes, hours, days, "
            "weeks), as in \"lag>7d\"",
            in_quotes(text));
    }
    return DisableReason{.kind = Kind::lag, .lag_max = *lag_max};
}

Policy policy_of(const Distribution& distribution) {
    Policy policy;
    for (const auto& word : distribution.disable_when) {
        const auto reason = parse_disable_reason(word);
        if (reason.has_error()) {
            throw std::runtime_error(fmt::format("disable_when of the distribution {}: {}",
                                                 distribution.name, reason.error()));
        }
        policy.disable_when.push_back(*reason);
    }
    policy.failures_before_disable = distribution.failures_before_disable;
    policy.successes_before_enable = distribution.successes_before_enable;
    policy.never_below = distribution.never_below;
    return policy;
}

PolicyVerdict judge_probe(const Policy& policy, ProbeVerdict verdict,
                          const Observation& observation) {
    if (verdict == ProbeVerdict::nothing_expected) {
        return {.verdict = verdict, .why = {}, .told_nothing = true};
    }
    static const std::vector<DisableReason> rules_of_old{DisableReason{}};
    const auto& reasons = policy.disable_when.empty() ? rules_of_old : policy.disable_when;
    PolicyVerdict judged;
    for (const auto& reason : reasons) {
        if (auto fault = find_fault(reason, verdict, observation); !fault.empty()) {
            judged.verdict = ProbeVerdict::failed;
            judged.why.push_back(std::move(fault));
        }
    }
    add_suite_rules(judged, reasons, observation);
    return judged;
}

ProbeVerdict BrokenRules::verdict(const PolicyVerdict& judged) const {
    const bool stands = judged.told_nothing
                            ? !broken_.empty()
                            : std::ranges::any_of(judged.untold, [this](const SuiteRule& rule) {
                                  return broken_.contains(rule);
                              });
    return judged.verdict == ProbeVerdict::passed && stands ? ProbeVerdict::nothing_expected
                                                            : judged.verdict;
}

void BrokenRules::add(const PolicyVerdict& judged) {
    if (judged.told_nothing) {
        return;
    }
    std::set<SuiteRule> now(judged.broken.begin(), judged.broken.end());
    std::ranges::copy_if(judged.untold, std::inserter(now, now.end()),
                         [this](const SuiteRule& rule) { return broken_.contains(rule); });
    broken_ = std::move(now);
}

bool is_useless(const PolicyVerdict& judged) noexcept {
    return std::ranges::any_of(judged.why, [](std::string_view why) {
        return why.starts_with("no-content") || why.starts_with("not-an-archive");
    });
}

Change decide(const MirrorState& state, const Policy& policy, ProbeVerdict verdict,
              const PolicyHistory& history) noexcept {
    if (history.in_maintenance) {
        return Change::none;
    }
    const Change change =
        decide(state, verdict, history.earlier_failures, policy.failures_before_disable);
    const bool is_early = change == Change::enable &&
                          !is_enough(history.earlier_successes, policy.successes_before_enable);
    return is_early ? Change::none : change;
}

PolicyHistory history_of(std::span<const JudgedProbe> newest_first) noexcept {
    PolicyHistory history;
    for (const auto& probe : newest_first) {
        if (!probe.counts) {
            continue;
        }
        if (probe.verdict == ProbeVerdict::failed && history.earlier_successes == 0) {
            ++history.earlier_failures;
        } else if (probe.verdict == ProbeVerdict::passed && history.earlier_failures == 0) {
            ++history.earlier_successes;
        } else {
            break;
        }
    }
    return history;
}

std::vector<bool> find_kept(std::span<const LeavingMirror> candidates, int never_below) {
    std::vector<bool> kept(candidates.size(), false);
    if (never_below <= 0) {
        return kept;
    }
    std::vector<std::size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t i) { return candidates[i].is_useless; });
    std::map<std::string_view, std::size_t> gone;
    for (const auto i : order) {
        auto& gone_there = gone[candidates[i].country];
        if (candidates[i].enabled <= gone_there + static_cast<std::size_t>(never_below)) {
            kept[i] = true;
        } else {
            ++gone_there;
        }
    }
    return kept;
}

}  // namespace model
