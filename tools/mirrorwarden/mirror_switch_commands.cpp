#include "model/notice.hpp"
#include "model/probe_log.hpp"
#include "prober/log_reader.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <memory>
#include <optional>
#include <random>

namespace mirrorwarden {
namespace {

struct SwitchFlags {
    std::string name;
    std::string reason;
    bool no_owner_notification = false;
};

// A window that was forgotten hides a dead mirror.
constexpr std::chrono::hours maintenance_max{24 * 366};
constexpr std::size_t quoted_log_lines = 20;
constexpr std::size_t quoted_log_bytes_max = std::size_t{64} << 10;

// The right word for a Message-ID: unique for this decision, of its letters only.
std::string decision_identity(const std::string& mirror, model::Timestamp when) {
    std::string identity = fmt::format("{}.{}.{:08x}", mirror, when.time_since_epoch().count(),
                                       std::random_device()());
    for (char& c : identity) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') {
            c = '-';
        }
    }
    return identity;
}

std::string log_head(model::Store& store, const model::StoredProbe& probe) {
    const auto log = store.probe_log(probe.id);
    if (!log) {
        return {};
    }
    // The notice goes out without a log that is damaged: it is not what it is about.
    const auto text = prober::decompress_log(*log, quoted_log_bytes_max);
    return text.has_value() ? model::first_lines(*text, quoted_log_lines) : std::string();
}

std::vector<model::Message> disabling_notice(model::Store& store, const model::StoredMirror& stored,
                                             const model::Author& author,
                                             const SwitchFlags& flags) {
    model::NoticeFacts facts{.mirror = stored.mirror,
                             .distribution = distribution_of(store, stored.mirror),
                             .record = {},
                             .log_head = {},
                             .identity = decision_identity(stored.mirror.name, author.when),
                             .id_host = host_name()};
    if (const auto probes = store.probes(stored.state.id, 1); !probes.empty()) {
        facts.record = probes.front().record;
        facts.log_head = log_head(store, probes.front());
    }
    if (flags.no_owner_notification) {
        facts.mirror.owners.clear();
    }
    return disabled_by_admin_notice(facts, flags.reason);
}

// "nothing to do" is no failure: a script may say twice what it wants.
int report(const model::StoreResult<void>& result, const std::string& done) {
    if (result.has_error()) {
        if (result.error().kind != model::Refusal::Kind::already_so) {
            throw_refusal(result.error());
        }
        print(fmt::format("{} Nothing was changed.\n", result.error().detail));
    } else {
        print(done);
    }
    return exit_status::done;
}

int disable_mirror(Environment& environment, const SwitchFlags& flags) {
    if (flags.reason.empty()) {
        throw InputError("--reason: say why; the owner and the audit trail are told");
    }
    const auto store = environment.open_store();
    const auto stored = known_mirror(*store, flags.name);
    const auto author = environment.author(flags.reason);
    const auto messages = disabling_notice(*store, stored, author, flags);
    return report(store->disable_mirror(flags.name, author, messages),
                  fmt::format("Disabled {}; {} mail{} in the outbox.\n", flags.name,
                              messages.size(), messages.size() == 1 ? "" : "s"));
}

int enable_mirror(Environment& environment, const SwitchFlags& flags) {
    const auto store = environment.open_store();
    known_mirror(*store, flags.name);
    return report(store->enable_mirror(flags.name, environment.author(flags.reason), {}),
                  fmt::format("Enabled {}.\n", flags.name));
}

struct MaintenanceFlags {
    std::string name;
    std::optional<model::Timestamp> until;
    bool end = false;
    std::string reason;
};

int change_maintenance(Environment& environment, const MaintenanceFlags& flags) {
    if (flags.until.has_value() == flags.end) {
        throw InputError("say either when the maintenance is over, with --until, or --end");
    }
    const auto author = environment.author(flags.reason);
    if (flags.until && *flags.until <= author.when) {
        throw InputError(fmt::format("--until: {} has passed; --end ends a maintenance",
                                     model::format_timestamp(*flags.until)));
    }
    if (flags.until && *flags.until - author.when > maintenance_max) {
        throw InputError(
            fmt::format("--until: {} is more than a year away; disable a mirror that is away for "
                        "longer: mirrorwarden mirror disable {} --reason TEXT",
                        model::format_timestamp(*flags.until), flags.name));
    }
    const auto store = environment.open_store();
    known_mirror(*store, flags.name);
    return report(store->set_maintenance(flags.name, flags.until, author),
                  flags.until
                      ? fmt::format("{} is in maintenance until {}: probed, but not disabled or "
                                    "mailed about.\n",
                                    flags.name, model::format_timestamp(*flags.until))
                      : fmt::format("Ended the maintenance of {}.\n", flags.name));
}

int delete_mirror(Environment& environment, const std::string& name) {
    const auto store = environment.open_store();
    known_mirror(*store, name);
    accepted(store->delete_mirror(name));
    print(fmt::format("Deleted {}.\n", name));
    return exit_status::done;
}

void add_enable(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<SwitchFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "enable",
         .summary = "switch a mirror on again",
         .description = "Switch a mirror on again, whoever switched it off.",
         .details = "It is listed at once and probed by the next run that finds it due.",
         .examples = {{"mirrorwarden mirror enable valid-mirror --reason \"repaired\"", ""}}},
        [flags](Environment& environment) { return enable_mirror(environment, *flags); });
    command.add_option("NAME", flags->name, "The mirror")->required()->type_name("MIRROR");
    command.add_option("--reason", flags->reason, "Why, for the audit trail")->type_name("TEXT");
}

void add_disable(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<SwitchFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "disable",
         .summary = "switch a mirror off and tell its owner",
         .description =
             "Switch a mirror off, and tell its owner. It stays off until mirror enable.",
         .details = "The mail to each owner and each admin of the distribution joins the outbox in "
                    "the same transaction; the next probe or outbox deliver sends it.",
         .examples = {{"mirrorwarden mirror disable old-mirror --reason \"moves house in May\"",
                       ""}}},
        [flags](Environment& environment) { return disable_mirror(environment, *flags); });
    command.add_option("NAME", flags->name, "The mirror")->required()->type_name("MIRROR");
    command.add_option("--reason", flags->reason, "Why, for the owner's mail and the audit trail")
        ->required()
        ->type_name("TEXT");
    command.add_flag("--no-owner-notification", flags->no_owner_notification,
                     "Mail the admins of the distribution, but no owner");
}

void add_maintenance(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<MaintenanceFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "maintenance",
         .summary = "leave a mirror alone while its owner works on it",
         .description = "Leave a mirror alone while its owner works on it: it is probed, but the "
                        "probes neither disable it nor mail anybody about it.",
         .details = "The maintenance ends by itself at the given time, a year ahead at most; a "
                    "later --until takes the place of an earlier one. A mirror that is disabled "
                    "stays so, and comes back by itself only afterwards. mirror show and mirror "
                    "list say which mirrors are in maintenance.",
         .examples = {{"mirrorwarden mirror maintenance valid-mirror --until 2027-01-02T18:00:00Z "
                       "--reason \"new disks\"",
                       ""},
                      {"mirrorwarden mirror maintenance valid-mirror --end", ""}}},
        [flags](Environment& environment) { return change_maintenance(environment, *flags); });
    command.add_option("NAME", flags->name, "The mirror")->required()->type_name("MIRROR");
    add_time(command, "--until", flags->until, "When the maintenance is over, UTC");
    command.add_flag("--end", flags->end, "The maintenance is over now");
    command.add_option("--reason", flags->reason, "Why, for the audit trail")->type_name("TEXT");
}

void add_delete(CommandTree& tree, CLI::App& group) {
    auto name = std::make_shared<std::string>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "delete",
         .summary = "forget a mirror that was never probed",
         .description = "Forget a mirror that was never probed.",
         .details = "One that was probed has a history, and is refused: disable it instead.",
         .examples = {{"mirrorwarden mirror delete typo-mirror", ""}}},
        [name](Environment& environment) { return delete_mirror(environment, *name); });
    command.add_option("NAME", *name, "The mirror")->required()->type_name("MIRROR");
}

}  // namespace

void add_mirror_switch_commands(CommandTree& tree, CLI::App& group) {
    add_enable(tree, group);
    add_disable(tree, group);
    add_maintenance(tree, group);
    add_delete(tree, group);
}

}  // namespace mirrorwarden
