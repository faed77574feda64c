#include "tools/mirrorwarden/probe_decisions.hpp"

#include "model/mirror_url.hpp"
#include "model/notice.hpp"
#include "model/watched_state.hpp"
#include "tools/mirrorwarden/log_head.hpp"
#include "tools/mirrorwarden/observation_text.hpp"
#include "tools/mirrorwarden/probe_history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace mirrorwarden {
namespace {

/// How many probes before are looked at to learn whether a state is news: what could not be
/// told, what was doubted, and days of maintenance lie between.
constexpr std::size_t probes_back_max = 40;

bool is_in_maintenance(const ProbedMirror& probed) {
    const auto& until = probed.mirror.state.maintenance_until;
    return until && *until > probed.record.finished;
}

const model::Distribution& distribution_of(const Distributions& distributions,
                                           const ProbedMirror& probed) {
    return distributions.at(probed.mirror.mirror.distribution);
}

/// One that counts in the doubts, though it may not be disabled yet. In maintenance it may fail.
bool is_failure(const ProbedMirror& probed) {
    return probed.mirror.state.enabled && !is_in_maintenance(probed) &&
           probed.judged.verdict == model::ProbeVerdict::failed;
}

void add(model::RunTally& tally, const ProbedMirror& probed) {
    const bool has_verdict = probed.record.verdict != model::ProbeVerdict::nothing_expected;
    tally.enabled_probed += probed.mirror.state.enabled && has_verdict ? 1 : 0;
    tally.failed += is_failure(probed) ? 1 : 0;
}

std::string describe(model::RunTally tally, std::string_view of_what) {
    return fmt::format(
        "{} of {} enabled mirrors {} failed at once, which is more likely our fault than theirs",
        tally.failed, tally.enabled_probed, of_what);
}

/// Its name could not be resolved, and so nothing was asked.
bool is_nameless(const ProbedMirror& probed) {
    static const auto no_name = to_string(model::Outcome{model::OutcomeKind::name_not_resolved});
    static const auto skipped = to_string(model::Outcome{model::OutcomeKind::skipped});
    const auto& outcomes = probed.record.outcomes;
    return outcomes.contains(no_name) && std::ranges::all_of(outcomes, [](const auto& outcome) {
               return outcome.first == no_name || outcome.first == skipped;
           });
}

/// Of two hosts at least, and of all that are enabled: a name server that is down says that of
/// each, and so few mirrors are too few for `is_doubtful`.
bool has_found_no_name(std::span<const ProbedMirror> mirrors) {
    std::set<std::string> hosts;
    for (const auto& probed : mirrors) {
        if (!probed.mirror.state.enabled) {
            continue;
        }
        if (!is_nameless(probed)) {
            return false;
        }
        hosts.emplace(model::host_of(model::probe_url(probed.mirror.mirror)));
    }
    return hosts.size() >= 2;
}

const Doubt* find_doubt(std::span<const Doubt> doubts, const std::string& distribution) {
    const auto found = std::find_if(doubts.begin(), doubts.end(), [&](const Doubt& doubt) {
        return doubt.distribution == distribution;
    });
    return found == doubts.end() ? nullptr : &*found;
}

/// Unique for this decision, also against a database that was started afresh.
std::string identity(std::string_view what, std::int64_t number, model::Timestamp when) {
    return fmt::format("{}.{}.{}", what, when.time_since_epoch().count(), number);
}

std::string reason(const ProbedMirror& probed) {
    const auto& record = probed.record;
    if (probed.change == model::Change::enable) {
        return fmt::format("passed its probe: {} of {} found", record.found, record.expected);
    }
    auto why = probed.judged.why;
    for (auto& text : why) {
        if (text == "no-content") {
            text = probed.mirror.mirror.content == model::Content::archive
                       ? fmt::format("has none of the {} indexes that it was asked for",
                                     record.expected)
                       : fmt::format("has only {} of {} image sets", record.found, record.expected);
        }
    }
    return fmt::format("{}", fmt::join(why, "; "));
}

/// `occasion`: what makes the mail's identity, with the probe and the time.
model::NoticeFacts notice_facts(model::Store& store, const model::Distribution& distribution,
                                const ProbedMirror& probed, const DecisionOptions& options,
                                std::string_view occasion) {
    model::NoticeFacts facts;
    facts.mirror = probed.mirror.mirror;
    facts.distribution = distribution;
    facts.record = probed.record;
    facts.log_head = log_head(store, probed.probe);
    facts.identity = identity(occasion, to_integer(probed.probe), options.when);
    facts.id_host = options.id_host;
    facts.why = probed.judged.why;
    facts.findings = store.observation(probed.probe).value_or(model::Observation{}).findings;
    if (!options.notify_owners) {
        facts.mirror.owners.clear();
    } else if (options.owner_link) {
        facts.owner_link = options.owner_link(facts.mirror.name);
    }
    return facts;
}

std::vector<model::Message> write_notices(model::Store& store,
                                          const model::Distribution& distribution,
                                          const ProbedMirror& probed,
                                          const DecisionOptions& options) {
    return probed.change == model::Change::disable
               ? model::disabled_by_prober_notice(
                     notice_facts(store, distribution, probed, options, "disabled"))
               : model::enabled_by_prober_notice(
                     notice_facts(store, distribution, probed, options, "enabled"));
}

/// What earlier probes learnt, newest first, as far back as is needed.
std::vector<model::Observation> observations_before(model::Store& store,
                                                    const ProbedMirror& probed) {
    std::vector<model::Observation> earlier;
    for (const auto& [id, record] : store.probes(probed.mirror.state.id, probes_back_max)) {
        // Nobody was told of what was doubted.
        if (id == probed.probe || !counts_before(record, probed)) {
            continue;
        }
        // Nor of what was found in maintenance.
        if (auto observation = store.observation(id); observation && !observation->in_maintenance) {
            earlier.push_back(std::move(*observation));
        }
        if (model::is_settled(probed.watched, earlier)) {
            break;
        }
    }
    return earlier;
}

std::vector<model::Message> write_states(model::Store& store,
                                         const model::Distribution& distribution,
                                         const ProbedMirror& probed,
                                         const DecisionOptions& options) {
    std::vector<model::Message> messages;
    const auto& now = probed.watched;
    const bool has_states = !now.addresses.empty() || now.certificate;
    if (!has_states || !options.notify_owners || !probed.mirror.state.enabled) {
        return messages;
    }
    for (const auto change : model::state_changes(now, observations_before(store, probed))) {
        const auto occasion =
            fmt::format("{}-{}", change.begins ? "begins" : "ends", static_cast<int>(change.what));
        std::ranges::move(model::state_notice(
                              notice_facts(store, distribution, probed, options, occasion), change),
                          std::back_inserter(messages));
    }
    return messages;
}

void keep(model::Store& store, const model::Policy& policy, ProbedMirror& probed) {
    const int asked = std::max(policy.failures_before_disable, 1);
    probed.change = model::Change::none;
    probed.is_kept = true;
    probed.is_news = history_before(store, policy, probed, asked + 1).earlier_failures == asked - 1;
}

std::vector<model::Message> write_doubt(const model::Distribution& distribution, const Doubt& doubt,
                                        std::span<const ProbedMirror> mirrors,
                                        const ProbedMirror& first, const DecisionOptions& options) {
    std::vector<std::string> failed;
    for (const auto& probed : mirrors) {
        if (probed.mirror.mirror.distribution == distribution.name && is_failure(probed)) {
            failed.push_back(probed.mirror.mirror.name);
        }
    }
    return model::doubtful_run_notice(distribution, doubt.reason, failed,
                                      identity("doubt", to_integer(first.probe), options.when),
                                      options.id_host);
}

}  // namespace

ProbedMirror sum_up(const Distributions& distributions, model::StoredMirror mirror,
                    model::ProbeId probe, model::ProbeResult result) {
    ProbedMirror probed;
    probed.mirror = std::move(mirror);
    probed.probe = probe;
    probed.record = std::move(result.record);
    probed.freshness = model::mirror_freshness(result.rows);
    probed.rows = result.rows.size() + result.images.size();
    probed.lag = model::worst_lag(result.observation);
    probed.integrity = model::known_integrity(result.observation);
    probed.judged = model::judge_probe(model::policy_of(distribution_of(distributions, probed)),
                                       probed.record.verdict, result.observation);
    if (probed.mirror.state.enabled) {
        // They only tell whether a mirror may come back.
        probed.judged.broken.clear();
        probed.judged.untold.clear();
    }
    probed.watched = model::watched_part(std::move(result.observation));
    return probed;
}

void propose_changes(model::Store& store, const Distributions& distributions,
                     std::span<ProbedMirror> mirrors) {
    std::map<std::string, model::Policy> policies;
    for (const auto& [name, distribution] : distributions) {
        policies.emplace(name, model::policy_of(distribution));
    }
    for (auto& probed : mirrors) {
        const auto& policy = policies.at(probed.mirror.mirror.distribution);
        const auto& state = probed.mirror.state;
        const auto verdict = probed.judged.verdict;
        if (state.disabled_by == model::DisabledBy::prober && !state.enabled &&
            verdict == model::ProbeVerdict::passed) {
            auto [passed, history] = judge_return(store, policy, probed);
            history.in_maintenance = is_in_maintenance(probed);
            probed.change = model::decide(state, policy, passed, history);
            continue;
        }
        const int asked = policy.failures_before_disable;
        model::PolicyHistory history;
        if (asked > 1 && state.enabled && verdict == model::ProbeVerdict::failed) {
            history = history_before(store, policy, probed, asked);
        }
        history.in_maintenance = is_in_maintenance(probed);
        probed.change = model::decide(state, policy, verdict, history);
    }
}

void keep_last_mirrors(model::Store& store, const Distributions& distributions,
                       std::span<ProbedMirror> mirrors, std::span<const Doubt> doubts) {
    for (const auto& [name, distribution] : distributions) {
        if (distribution.never_below <= 0 || find_doubt(doubts, name) != nullptr) {
            continue;
        }
        const auto place = [](const model::Mirror& mirror) {
            return fmt::format("{} {}", mirror.country, to_string(mirror.content));
        };
        std::map<std::string, std::size_t> enabled;
        for (const auto& mirror : store.mirrors({.distribution = name, .only_enabled = true})) {
            ++enabled[place(mirror.mirror)];
        }
        std::vector<ProbedMirror*> leaving;
        std::vector<model::LeavingMirror> candidates;
        for (auto& probed : mirrors) {
            const auto& mirror = probed.mirror.mirror;
            if (mirror.distribution == name && probed.change == model::Change::disable) {
                leaving.push_back(&probed);
                candidates.push_back({.country = place(mirror),
                                      .enabled = enabled[place(mirror)],
                                      .is_useless = model::is_useless(probed.judged)});
            }
        }
        const auto kept = model::find_kept(candidates, distribution.never_below);
        const auto policy = model::policy_of(distribution);
        for (std::size_t i = 0; i < leaving.size(); ++i) {
            if (kept[i]) {
                keep(store, policy, *leaving[i]);
            }
        }
    }
}

std::vector<Doubt> doubt_numbers(std::span<const ProbedMirror> mirrors) {
    model::RunTally all;
    std::map<std::string, model::RunTally> by_distribution;
    for (const auto& probed : mirrors) {
        add(all, probed);
        add(by_distribution[probed.mirror.mirror.distribution], probed);
    }
    const bool has_no_names = has_found_no_name(mirrors);
    std::vector<Doubt> doubts;
    for (const auto& [distribution, tally] : by_distribution) {
        if (has_no_names) {
            doubts.push_back({distribution,
                              "not one name of the enabled mirrors of this run could be resolved, "
                              "which is more likely the fault of our name servers than theirs"});
        } else if (model::is_doubtful(all)) {
            doubts.push_back({distribution, describe(all, "of this run")});
        } else if (model::is_doubtful(tally)) {
            doubts.push_back({distribution, describe(tally, "of " + distribution)});
        }
    }
    return doubts;
}

std::vector<std::string> primaries_to_ask(const Distributions& distributions,
                                          std::span<const ProbedMirror> mirrors,
                                          std::span<const Doubt> doubts) {
    std::set<std::string> names;
    for (const auto& probed : mirrors) {
        const auto& distribution = distribution_of(distributions, probed);
        if (is_failure(probed) && !distribution.primary_url.empty() &&
            find_doubt(doubts, distribution.name) == nullptr) {
            names.insert(distribution.name);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<Doubt> doubt_primary(const model::Distribution& distribution,
                                 prober::PrimaryAnswer answer) {
    switch (answer) {
    case prober::PrimaryAnswer::unreachable:
        return {{distribution.name, fmt::format("its primary archive {} cannot be reached either",
                                                distribution.primary_url)}};
    case prober::PrimaryAnswer::has_none:
        return {{distribution.name,
                 fmt::format("its primary archive {} has nothing of what mirrors are asked "
                             "for, so the catalogue may be wrong",
                             distribution.primary_url)}};
    case prober::PrimaryAnswer::answers_everything:
        return {{distribution.name,
                 fmt::format("what answers as its primary archive {} has every name, even those "
                             "that cannot exist, so it is not the archive that we reach",
                             distribution.primary_url)}};
    case prober::PrimaryAnswer::carries:
    case prober::PrimaryAnswer::not_asked: break;
    }
    return {};
}

std::vector<model::Decision> decide_mirrors(model::Store& store, const Distributions& distributions,
                                            std::span<const ProbedMirror> mirrors,
                                            std::span<const Doubt> doubts,
                                            const DecisionOptions& options) {
    std::vector<model::Decision> decisions;
    std::set<std::string> told;
    for (const auto& probed : mirrors) {
        const auto& distribution = distribution_of(distributions, probed);
        auto& decision = decisions.emplace_back();
        decision.mirror = probed.mirror.state.id;
        decision.probe = probed.probe;
        if (const auto* doubt = find_doubt(doubts, distribution.name)) {
            decision.suspect = true;
            decision.reason = doubt->reason;
            if (told.insert(distribution.name).second) {
                decision.messages = write_doubt(distribution, *doubt, mirrors, probed, options);
            }
        } else if (probed.change != model::Change::none) {
            decision.change = probed.change;
            decision.reason = reason(probed);
            decision.messages = write_notices(store, distribution, probed, options);
        } else if (probed.is_kept && probed.is_news) {
            decision.messages =
                model::kept_notice(notice_facts(store, distribution, probed, options, "kept"));
        } else if (!is_in_maintenance(probed)) {
            decision.messages = write_states(store, distribution, probed, options);
        }
    }
    return decisions;
}

}  // namespace mirrorwarden
