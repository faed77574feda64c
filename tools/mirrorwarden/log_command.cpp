#include "prober/log_reader.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/display_width.hpp"
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
#include <stdexcept>

namespace mirrorwarden {
namespace {

// A probe a day for a century.
constexpr std::size_t probes_max = 36'525;
constexpr std::size_t log_bytes_max = std::size_t{256} << 20;

struct LogFlags {
    std::string name;
    std::optional<model::Timestamp> at;
    bool list = false;
    bool json = false;
};

int list_probes(Environment& environment, const std::vector<model::StoredProbe>& probes,
                bool json) {
    if (!json) {
        print(probe_list_text(probes, environment.screen()));
        return exit_status::done;
    }
    auto array = nlohmann::ordered_json::array();
    for (const auto& probe : probes) {
        array.push_back(json::probe_json(probe));
    }
    print(json::print_json(array));
    return exit_status::done;
}

// `--list` shows whole seconds, so a probe that began within that of `at` is meant, too.
const model::StoredProbe& probe_at(const std::vector<model::StoredProbe>& newest_first,
                                   const LogFlags& flags) {
    if (newest_first.empty()) {
        throw InputError(fmt::format("{} was never probed: there is no log", flags.name));
    }
    if (!flags.at) {
        return newest_first.front();
    }
    const auto found =
        std::find_if(newest_first.begin(), newest_first.end(), [&](const auto& probe) {
            return std::chrono::floor<std::chrono::seconds>(probe.record.started) <= *flags.at;
        });
    if (found == newest_first.end()) {
        throw InputError(
            fmt::format("{} was not probed at or before {}: the first probe began at "
                        "{}",
                        flags.name, model::format_timestamp(*flags.at),
                        model::format_timestamp(newest_first.back().record.started)));
    }
    return *found;
}

int show_log(Environment& environment, const LogFlags& flags) {
    if (flags.json && !flags.list) {
        throw InputError("--json: only with --list; a log is text");
    }
    if (flags.list && flags.at) {
        throw InputError("say one of --at and --list");
    }
    const auto store = environment.open_store(storage::Opening::existing);
    const auto mirror = known_mirror(*store, flags.name);
    const auto probes = store->probes(mirror.state.id, probes_max);
    if (flags.list) {
        return list_probes(environment, probes, flags.json);
    }
    const auto& probe = probe_at(probes, flags);
    const auto log = store->probe_log(probe.id);
    if (!log) {
        throw std::runtime_error(fmt::format("the log of {} of {} is gone", flags.name,
                                             model::format_timestamp(probe.record.started)));
    }
    const auto text = prober::decompress_log(*log, log_bytes_max);
    if (text.has_error()) {
        throw std::runtime_error(fmt::format("the log of {} of {} cannot be read: {}", flags.name,
                                             model::format_timestamp(probe.record.started),
                                             text.error()));
    }
    print(printable_lines(*text));
    return exit_status::done;
}

}  // namespace

void add_log_command(CommandTree& tree) {
    auto flags = std::make_shared<LogFlags>();
    CLI::App& command = tree.add_command(
        tree.root(),
        {.name = "log",
         .summary = "print the log of a probe",
         .description = "Print the log of a mirror's last probe, or of an earlier one: every index "
                        "or image, and each package that dates one, that was asked for, what came "
                        "back, and what it meant.",
         .details = "After them come, a line each, what the mirror's traces and its rsync daemon "
                    "tell, and what was found to be wrong. What else was asked for (each suite's "
                    "Release files, traces, whether a sync is under way, the host's wishes) counts "
                    "among the requests of the last line, and has no line of its own.",
         .examples = {{"mirrorwarden log valid-mirror", ""},
                      {"mirrorwarden log valid-mirror --list", "which probes there are"},
                      {"mirrorwarden log valid-mirror --at 2026-11-21T05:09:00Z",
                       "the newest probe that had begun by then"}}},
        [flags](Environment& environment) { return show_log(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_time(command, "--at", flags->at,
             "The newest probe that began at or before this time, RFC 3339. Default: the last");
    add_flag(command, "--list", flags->list, "List the probes, newest first, and print no log");
    add_flag(command, "--json", flags->json, "With --list: print JSON, an array");
}

}  // namespace mirrorwarden
