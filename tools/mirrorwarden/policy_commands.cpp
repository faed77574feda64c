#include "model/policy_setting.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/replay_report.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mirrorwarden {
namespace {

struct ReplayFlags {
    std::string distribution;
    std::vector<std::string> settings;
    std::optional<model::Timestamp> since;
    bool json = false;
};

model::Policy policy_asked(const model::Distribution& distribution, const ReplayFlags& flags) {
    auto policy = model::policy_of(distribution);
    for (const auto& setting : flags.settings) {
        if (const auto wrong = model::set_policy(policy, setting)) {
            throw InputError("--set: " + *wrong);
        }
    }
    return policy;
}

ReplayReport replay(model::Store& store, const model::Distribution& distribution,
                    const ReplayFlags& flags, model::Timestamp until) {
    const auto policy = policy_asked(distribution, flags);
    std::vector<model::ReplayedMirror> mirrors;
    for (const auto& mirror : store.mirrors({.distribution = distribution.name})) {
        mirrors.push_back(model::replayed_mirror(mirror, store.audit(mirror.state.id)));
    }
    model::PolicyReplay replayed{policy, std::move(mirrors), *flags.since};
    store.for_each_observation(distribution.name, *flags.since,
                               [&](const model::ObservedProbe& one) {
                                   replayed.add(one.mirror, one.probe.record, one.observation);
                               });
    return {.distribution = distribution.name,
            .since = *flags.since,
            .until = until,
            .policy = policy,
            .result = std::move(replayed).finish(until)};
}

int run_replay(Environment& environment, const ReplayFlags& flags) {
    const auto until = now();
    if (*flags.since > until) {
        throw InputError("--since: that is in the future");
    }
    const auto store = environment.open_store(storage::Opening::existing);
    const auto distributions =
        flags.distribution.empty()
            ? store->distributions()
            : std::vector<model::Distribution>{known_distribution(*store, flags.distribution)};
    if (distributions.empty()) {
        throw InputError("there is no distribution yet: load a catalogue first");
    }
    auto json = nlohmann::ordered_json::array();
    std::string text;
    for (const auto& distribution : distributions) {
        const auto report = replay(*store, distribution, flags, until);
        json.push_back(replay_json(report));
        text += (text.empty() ? "" : "\n") + replay_text(report, environment.screen());
    }
    print(flags.json ? json::print_json(json) : text);
    return exit_status::done;
}

void add_replay(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ReplayFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "replay",
         .summary = "try another policy on the probes that were stored",
         .description =
             "Say which mirrors another policy would have switched on or off, when and why, by "
             "judging the probes that are stored again. It changes nothing.",
         .details =
             "The policy is that of the distribution with what --set changes. Mirrors begin as "
             "they were at --since; what admins switched is switched in the replay too, and "
             "maintenance is respected. Probes that were doubted or never decided count for "
             "nothing, and a run in which the policy would disable too many decides nothing, as "
             "in a real run.\n\n"
             "The keys are disable_when, failures_before_disable, successes_before_enable and "
             "never_below. The words of disable_when are no-content, bad-signature, foreign, "
             "not-an-archive, torn, expired, and lag>TIME with a time such as 36h, 7d or 2w; "
             "without any of them it is no-content.",
         .examples =
             {{"mirrorwarden policy replay --since 2026-11-01 --set 'disable_when=[\"no-content\", "
               "\"lag>7d\"]'",
               "what if stale mirrors were disabled?"},
              {"mirrorwarden policy replay --since 2026-11-01 --set failures_before_disable=2 "
               "--json | jq '.[].mirrors[] | select(.differs)'",
               "the mirrors that a second chance would have kept"}}},
        [flags](Environment& environment) { return run_replay(environment, *flags); });
    add_option(command, "--distribution", flags->distribution,
               "Only this distribution. Default: all of them")
        .type_name("NAME");
    add_option(command, "--set", flags->settings,
               "Change one key of the policy, KEY=VALUE; may be given again")
        .type_name("KEY=VALUE")
        .allow_extra_args(false);
    add_time(command, "--since", flags->since, "Probes that began then or later, RFC 3339")
        .required();
    add_flag(command, "--json", flags->json, "Print JSON: an array, an object a distribution");
}

}  // namespace

void add_policy_commands(CommandTree& tree) {
    CLI::App& policy = tree.add_group(
        tree.root(), {.name = "policy",
                      .summary = "when mirrors are disabled and come back",
                      .description = "Policies: when mirrors are disabled and come back.",
                      .details = "",
                      .examples = {}});
    add_replay(tree, policy);
}

}  // namespace mirrorwarden
