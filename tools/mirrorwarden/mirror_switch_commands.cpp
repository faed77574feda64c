#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/log_head.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/service/mirror_changes.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace mirrorwarden {
namespace {

struct SwitchFlags {
    std::string name;
    std::string reason;
    bool no_owner_notification = false;
};

void check_reason(const std::string& reason) {
    if (const auto fault = service::reason_fault(reason)) {
        throw InputError(fmt::format("--reason: this is {}", *fault));
    }
}

int report(const service::ChangeResult& result) {
    if (result.has_error()) {
        throw_refusal(result.error());
    }
    print(result->text + (result->was_made ? "\n" : " Nothing was changed.\n"));
    return exit_status::done;
}

int disable_mirror(Environment& environment, const SwitchFlags& flags) {
    if (flags.reason.empty()) {
        throw InputError("--reason: say why; the owner and the audit trail are told");
    }
    check_reason(flags.reason);
    const auto store = environment.open_store();
    const auto stored = known_mirror(*store, flags.name);
    return report(service::disable_mirror(*store, stored, environment.author(flags.reason),
                                          {.tells_owners = !flags.no_owner_notification,
                                           .id_host = host_name(),
                                           .read_log = log_head}));
}

int enable_mirror(Environment& environment, const SwitchFlags& flags) {
    check_reason(flags.reason);
    const auto store = environment.open_store();
    known_mirror(*store, flags.name);
    return report(service::enable_mirror(*store, flags.name, environment.author(flags.reason)));
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
    check_reason(flags.reason);
    const auto author = environment.author(flags.reason);
    using service::MaintenanceFault;
    const auto fault = flags.until ? service::judge_maintenance(*flags.until, author.when)
                                   : MaintenanceFault::none;
    if (fault == MaintenanceFault::past) {
        throw InputError(fmt::format("--until: {} has passed; --end ends a maintenance",
                                     model::format_timestamp(*flags.until)));
    }
    if (fault == MaintenanceFault::too_far) {
        throw InputError(
            fmt::format("--until: {} is more than a year away; disable a mirror that is away for "
                        "longer: mirrorwarden mirror disable {} --reason TEXT",
                        model::format_timestamp(*flags.until), flags.name));
    }
    const auto store = environment.open_store();
    known_mirror(*store, flags.name);
    return report(service::set_maintenance(*store, flags.name, flags.until, author));
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
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_option(command, "--reason", flags->reason, "Why, for the audit trail").type_name("TEXT");
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
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_option(command, "--reason", flags->reason, "Why, for the owner's mail and the audit trail")
        .required()
        .type_name("TEXT");
    add_flag(command, "--no-owner-notification", flags->no_owner_notification,
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
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_time(command, "--until", flags->until, "When the maintenance is over, UTC");
    add_flag(command, "--end", flags->end, "The maintenance is over now");
    add_option(command, "--reason", flags->reason, "Why, for the audit trail").type_name("TEXT");
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
    add_option(command, "NAME", *name, "The mirror").required().type_name("MIRROR");
}

}  // namespace

void add_mirror_switch_commands(CommandTree& tree, CLI::App& group) {
    add_enable(tree, group);
    add_disable(tree, group);
    add_maintenance(tree, group);
    add_delete(tree, group);
}

}  // namespace mirrorwarden
