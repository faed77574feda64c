#include "model/text_rules.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/reports/script_monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mirrorwarden {
namespace {

constexpr std::size_t minutes_max = 5'256'000;  // ten years
constexpr std::size_t scripts_max = 1'000;

struct MonitorFlags {
    std::optional<std::size_t> minutes;
    std::vector<reports::WatchedScript> scripts;
};

bool is_of(const model::ScriptActivity& activity, const reports::WatchedScript& script) {
    return activity.name == script.script && activity.host == script.host;
}

/// The newest success that is not of the future, if there is one: a host whose clock once was
/// ahead must not be late until then.
void find_completed(model::Store& store, std::vector<reports::WatchedScript>& scripts,
                    std::chrono::minutes within, model::Timestamp when) {
    std::optional<std::vector<model::ScriptActivity>> all;  // of that time, where it is needed
    const auto last = store.last_script_activities();
    for (auto& script : scripts) {
        const auto newest = std::ranges::find_if(
            last, [&](const auto& activity) { return is_of(activity, script); });
        if (newest == last.end()) {
            continue;
        }
        script.completed = newest->completed;
        if (newest->completed <= when) {
            continue;
        }
        if (!all) {
            all = store.script_activities(when - within);
        }
        for (const auto& activity : *all) {
            if (is_of(activity, script) && activity.completed <= when) {
                script.completed = activity.completed;  // oldest first
            }
        }
    }
}

int monitor(Environment& environment, const MonitorFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    const auto when = now();
    const std::chrono::minutes within{*flags.minutes};
    auto scripts = flags.scripts;
    find_completed(*store, scripts, within, when);
    const auto answer = reports::judge_scripts(scripts, within, when);
    print(answer.line + "\n");
    return answer.exit_status;
}

const CommandText text{
    .name = "monitor",
    .summary = "say whether jobs ran, as Nagios asks",
    .description =
        "Say in one line whether each of these jobs ran successfully on its host within "
        "the last so many minutes.",
    .details =
        "For Nagios, Icinga and their kin. The jobs that record themselves are probe, "
        "probe-requested, both with -release behind them for CD images, probe-mirror, "
        "archive-refresh, outbox-deliver and pull; "
        "others report their own names. The host is the one that the job ran on, by the name that "
        "it has for itself; the page /jobs shows both. What failed, found another run under way, "
        "or was switched off by the control file did not run.",
    .examples = {{"mirrorwarden monitor 1500 prober-1:probe", "within 25 hours"},
                 {"mirrorwarden monitor 70 prober-1:archive-refresh puller-1:pull", ""}},
    .statuses = {{0, "All of them ran: OK."},
                 {2,
                  "One at least did not: CRITICAL. The line names each, and when it was last "
                  "seen."},
                 {3, "Wrong usage, or what could not be found out: UNKNOWN. The line says why."}}};

}  // namespace

void add_monitor_command(CommandTree& tree) {
    auto flags = std::make_shared<MonitorFlags>();
    CLI::App& command = tree.add_command(tree.root(), text, [flags](Environment& environment) {
        return monitor(environment, *flags);
    });
    add_count(command, "MINUTES", flags->minutes, {1, minutes_max}, "How long ago at most")
        .required()
        .type_name("MINUTES");
    add_options_function(
        command, "JOB",  // CLI11 2.4 takes no name with a colon
        [flags](const std::vector<std::string>& words) {
            for (const auto& word : words) {
                const auto script = reports::parse_watched(word);
                if (!script) {
                    refuse_value("HOST:SCRIPT",
                                 fmt::format("{} is no host and job; write prober-1:probe",
                                             model::in_quotes(word)));
                }
                flags->scripts.push_back(*script);
            }
        },
        "A host, and the job that runs there; may be given again")
        .required()
        .expected(1, static_cast<int>(scripts_max))
        .option_text("HOST:SCRIPT");
}

}  // namespace mirrorwarden
