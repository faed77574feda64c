#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/mirror_table.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace mirrorwarden {
namespace {

constexpr std::size_t shown_probes = 10;

struct ListFlags {
    model::MirrorFilter filter;
    bool json = false;
};

struct ShowFlags {
    std::string name;
    bool json = false;
};

/// So that what is shown is a maintenance that still is.
void drop_past_maintenance(model::MirrorState& state) {
    if (state.maintenance_until && *state.maintenance_until <= now()) {
        state.maintenance_until.reset();
    }
}

model::Observation observation_of(model::Store& store, const model::MirrorOverview& overview) {
    const auto found = overview.last_probe ? store.observation(overview.last_probe->id)
                                           : std::optional<model::Observation>{};
    return found.value_or(model::Observation{});
}

int list_mirrors(Environment& environment, const ListFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    if (flags.filter.distribution) {
        known_distribution(*store, *flags.filter.distribution);
    }
    std::vector<json::MirrorLine> lines;
    for (auto& overview : store->mirror_overviews(flags.filter)) {
        drop_past_maintenance(overview.mirror.state);
        auto observation = observation_of(*store, overview);
        lines.push_back({std::move(overview), std::move(observation)});
    }
    if (!flags.json) {
        print(mirror_list_text(lines, environment.screen()));
        return exit_status::done;
    }
    auto json = nlohmann::ordered_json::array();
    for (const auto& line : lines) {
        json.push_back(json::overview_json(line));
    }
    print(json::print_json(json));
    return exit_status::done;
}

json::MirrorDetails details_of(model::Store& store, const std::string& name) {
    json::MirrorDetails details;
    details.overview.mirror = known_mirror(store, name);
    drop_past_maintenance(details.overview.mirror.state);
    const auto id = details.overview.mirror.state.id;
    const auto syncs = store.mirror_syncs();
    if (const auto sync = syncs.find(id); sync != syncs.end()) {
        details.sync = sync->second;
    }
    details.rows = store.rows(id);
    details.images = store.images(id);
    details.probes = store.probes(id, shown_probes);
    details.audit = store.audit(id);
    details.overview.freshness = model::mirror_freshness(details.rows);
    if (!details.probes.empty()) {
        details.overview.last_probe = details.probes.front();
    }
    details.observation = observation_of(store, details.overview);
    details.now = now();
    return details;
}

int show_mirror(Environment& environment, const ShowFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    const auto details = details_of(*store, flags.name);
    print(flags.json ? json::print_json(json::details_json(details))
                     : mirror_details_text(details, environment.screen()));
    return exit_status::done;
}

void add_list(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ListFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "list",
         .summary = "list mirrors and how fresh they are",
         .description =
             "List mirrors, fast ones first, with the freshness that the last probe saw.",
         .details = "A mirror's freshness is that of its worst index; LAG and INTEGRITY are those "
                    "of its worst suite: how far it is behind the primary archive, and what apt "
                    "would say of it. Filters add up.",
         .examples =
             {{"mirrorwarden mirror list --distribution ubuntu --enabled --official", ""},
              {"mirrorwarden mirror list --json | jq -r '.[] | select(.enabled|not) | .name'",
               "names of the mirrors that are off"}}},
        [flags](Environment& environment) { return list_mirrors(environment, *flags); });
    add_option(command, "--distribution", flags->filter.distribution,
               "Only mirrors of this distribution")
        .type_name("NAME");
    add_word<model::Content>(command, "--content", flags->filter.content,
                             {model::Content::archive, model::Content::release},
                             "Only mirrors that carry this: packages, or CD images");
    add_flag(command, "--enabled", flags->filter.only_enabled, "Only mirrors that are enabled");
    add_flag(command, "--official", flags->filter.only_official,
             "Only official ones: candidates that the admins found OFFICIAL");
    add_flag(command, "--json", flags->json, "Print JSON: an array, an object a mirror");
}

void add_show(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ShowFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "show",
         .summary = "show everything that is known of a mirror",
         .description =
             "Show everything that is known of a mirror: its suites and what apt would find there, "
             "its addresses and certificate, its indexes and how fresh each one is, the last "
             "probes, and who changed what.",
         .details = "Each finding says what was asked, answered and expected, names the line for "
                    "a shell that shows it from anywhere, and what usually mends it.",
         .examples = {{"mirrorwarden mirror show valid-mirror", ""},
                      {"mirrorwarden mirror show valid-mirror --json | jq '.rows'", ""},
                      {"mirrorwarden mirror show valid-mirror --json | jq -r '.findings[].curl'",
                       "lines for a shell that show what is wrong"}}},
        [flags](Environment& environment) { return show_mirror(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_flag(command, "--json", flags->json, "Print JSON: an object");
}

}  // namespace

void add_mirror_commands(CommandTree& tree) {
    CLI::App& mirror = tree.add_group(
        tree.root(), {.name = "mirror",
                      .summary = "list, look at, add, change mirrors; switch them on and off",
                      .description = "Mirrors: list, look at, add, change, switch on and off.",
                      .details = "",
                      .examples = {}});
    add_list(tree, mirror);
    add_show(tree, mirror);
    add_mirror_edit_commands(tree, mirror);
    add_mirror_switch_commands(tree, mirror);
}

}  // namespace mirrorwarden
