#include "tools/mirrorwarden/probe_decisions.hpp"

#include "model/notice.hpp"
#include "model/probe_log.hpp"
#include "prober/log_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace mirrorwarden {
namespace {

constexpr std::size_t log_lines_in_mail = 20;
constexpr std::size_t log_head_bytes_max = 65'536;

/// How many old probes are looked at for failures in a row: suspect ones lie between.
constexpr std::size_t probes_looked_at(int failures_before_disable) {
    return static_cast<std::size_t>(failures_before_disable) * 4 + 16;
}

const model::Distribution& distribution_of(const Distributions& distributions,
                                           const ProbedMirror& probed) {
    return distributions.at(probed.mirror.mirror.distribution);
}

void add(model::RunTally& tally, const ProbedMirror& probed) {
    const bool has_verdict = probed.record.verdict != model::ProbeVerdict::nothing_expected;
    tally.enabled_probed += probed.mirror.state.enabled && has_verdict ? 1 : 0;
    tally.would_disable += probed.change == model::Change::disable ? 1 : 0;
}

std::string describe(model::RunTally tally, std::string_view of_what) {
    return fmt::format(
        "{} of {} enabled mirrors {} would be disabled at once, which is more "
        "likely our fault than theirs",
        tally.would_disable, tally.enabled_probed, of_what);
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

std::string log_head(model::Store& store, model::ProbeId probe) {
    const auto gz = store.probe_log(probe);
    if (!gz) {
        return {};
    }
    const auto text = prober::decompress_log(*gz, log_head_bytes_max);
    // A mail without the log is better than no mail.
    return text.has_value() ? model::first_lines(*text, log_lines_in_mail) : std::string();
}

std::string reason(const ProbedMirror& probed) {
    const auto& record = probed.record;
    if (probed.change == model::Change::enable) {
        return fmt::format("passed its probe: {} of {} found", record.found, record.expected);
    }
    return probed.mirror.mirror.content == model::Content::archive
               ? fmt::format("has none of the {} indexes that it was asked for", record.expected)
               : fmt::format("has only {} of {} image sets", record.found, record.expected);
}

std::vector<model::Message> write_notices(model::Store& store,
                                          const model::Distribution& distribution,
                                          const ProbedMirror& probed,
                                          const DecisionOptions& options) {
    const bool is_disabled = probed.change == model::Change::disable;
    model::NoticeFacts facts;
    facts.mirror = probed.mirror.mirror;
    facts.distribution = distribution;
    facts.record = probed.record;
    facts.log_head = log_head(store, probed.probe);
    facts.identity =
        identity(is_disabled ? "disabled" : "enabled", to_integer(probed.probe), options.when);
    facts.id_host = options.id_host;
    if (!options.notify_owners) {
        facts.mirror.owners.clear();
    }
    return is_disabled ? model::disabled_by_prober_notice(facts)
                       : model::enabled_by_prober_notice(facts);
}

std::vector<model::Message> write_doubt(const model::Distribution& distribution, const Doubt& doubt,
                                        std::span<const ProbedMirror> mirrors,
                                        const ProbedMirror& first, const DecisionOptions& options) {
    std::vector<std::string> would_go;
    for (const auto& probed : mirrors) {
        if (probed.mirror.mirror.distribution == distribution.name &&
            probed.change == model::Change::disable) {
            would_go.push_back(probed.mirror.mirror.name);
        }
    }
    return model::doubtful_run_notice(distribution, doubt.reason, would_go,
                                      identity("doubt", to_integer(first.probe), options.when),
                                      options.id_host);
}

}  // namespace

void propose_changes(model::Store& store, const Distributions& distributions,
                     std::span<ProbedMirror> mirrors) {
    for (auto& probed : mirrors) {
        const int failures_asked = distribution_of(distributions, probed).failures_before_disable;
        const auto& state = probed.mirror.state;
        int earlier_failures = 0;
        if (probed.record.verdict == model::ProbeVerdict::failed && state.enabled &&
            failures_asked > 1) {
            // The probe itself is among them, not decided yet, and so does not count.
            const auto earlier = store.probes(state.id, probes_looked_at(failures_asked));
            earlier_failures = model::failures_in_a_row(earlier);
        }
        probed.change =
            model::decide(state, probed.record.verdict, earlier_failures, failures_asked);
    }
}

std::vector<Doubt> doubt_numbers(std::span<const ProbedMirror> mirrors) {
    model::RunTally all;
    std::map<std::string, model::RunTally> by_distribution;
    for (const auto& probed : mirrors) {
        add(all, probed);
        add(by_distribution[probed.mirror.mirror.distribution], probed);
    }
    std::vector<Doubt> doubts;
    for (const auto& [distribution, tally] : by_distribution) {
        if (model::is_doubtful(all)) {
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
        if (probed.change == model::Change::disable && !distribution.primary_url.empty() &&
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
                 fmt::format("its primary archive {} has none of the indexes that mirrors are "
                             "asked for, so the catalogue may be wrong",
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
        }
    }
    return decisions;
}

}  // namespace mirrorwarden
