#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/mirror_fields.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/service/mirror_changes.hpp"

#include <fmt/format.h>

#include <memory>

namespace mirrorwarden {
namespace {

using model::ReviewStatus;

struct AddFlags {
    std::string name;  // empty: one is made
    std::string distribution;
    std::optional<ReviewStatus> status;
    bool enabled = true;
    MirrorFields fields;
};

struct EditFlags {
    std::string name;
    MirrorFields fields;
};

struct ReviewFlags {
    std::string name;
    std::optional<ReviewStatus> status;
    std::string reason;
};

std::string free_name(model::Store& store, const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2; store.mirror(name).has_value(); ++number) {
        name = fmt::format("{}{}", wanted, number);
    }
    return name;
}

int add_mirror(Environment& environment, const AddFlags& flags) {
    model::Mirror mirror;
    mirror.name = flags.name;
    mirror.distribution = flags.distribution;
    mirror.status = flags.status.value_or(mirror.status);
    mirror = with_fields(std::move(mirror), flags.fields);
    check_whole(mirror);
    if (!mirror.name.empty() && !model::is_valid_name(mirror.name)) {
        throw InputError(
            fmt::format("{} is no name for a mirror: it begins with a-z or 0-9, "
                        "and goes on with these, +, . and -",
                        model::in_quotes(mirror.name)));
    }
    const auto store = environment.open_store();
    known_distribution(*store, mirror.distribution);
    if (mirror.name.empty()) {
        mirror.name = free_name(*store, model::default_mirror_name(mirror));
    }
    accepted(store->add_mirror(mirror, flags.enabled, environment.author("mirror add")));
    print(fmt::format("Added {}.\n", mirror.name));
    return exit_status::done;
}

int edit_mirror(Environment& environment, const EditFlags& flags) {
    if (flags.fields == MirrorFields{}) {
        throw InputError(
            "say what to change, such as --http-url or --speed; see mirrorwarden mirror edit "
            "--help");
    }
    const auto store = environment.open_store();
    known_mirror(*store, flags.name);
    const auto changed =
        service::edit_mirror(*store, flags.name, flags.fields, environment.author("mirror edit"));
    if (changed.has_error()) {
        throw_edit_fault(changed.error());
    }
    print(changed->text + (changed->was_made ? "\n" : " Nothing was changed.\n"));
    return exit_status::done;
}

int review_mirror(Environment& environment, const ReviewFlags& flags) {
    if (const auto fault = service::reason_fault(flags.reason)) {
        throw InputError(fmt::format("--reason: this is {}", *fault));
    }
    const auto store = environment.open_store();
    known_mirror(*store, flags.name);
    const auto changed = accepted(service::review_mirror(*store, flags.name, *flags.status,
                                                         environment.author(flags.reason)));
    print(changed.text + (changed.was_made ? "\n" : " Nothing was changed.\n"));
    return exit_status::done;
}

void add_add(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<AddFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "add",
         .summary = "add a mirror",
         .description = "Add a mirror, without a catalogue file.",
         .details =
             "It is PENDING_REVIEW and enabled unless told otherwise, and it is probed by the "
             "next run. A URL that any mirror has already is refused.",
         .examples = {{"mirrorwarden mirror add --distribution ubuntu --owner \"Foo Bar "
                       "<foo.bar@example.org>\" --country BR --speed 2M --http-url "
                       "http://mirror.example.org/ubuntu",
                       "named mirror.example.org-archive"}}},
        [flags](Environment& environment) { return add_mirror(environment, *flags); });
    add_option(command, "NAME", flags->name,
               "Its name, unique. Default: the host and -archive or -release, and a number "
               "where that is taken")
        .type_name("NAME");
    add_option(command, "--distribution", flags->distribution, "The distribution that it carries")
        .required()
        .type_name("NAME");
    add_mirror_field_flags(command, flags->fields);
    add_word<ReviewStatus>(command, "--status", flags->status, service::all_review_statuses(),
                           "What the admins think of it. Default: PENDING_REVIEW");
    add_flag(command, "--enabled,!--no-enabled", flags->enabled,
             "Whether it is probed and listed. Default: it is");
}

void add_edit(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<EditFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "edit",
         .summary = "change what is known of a mirror",
         .description = "Change what is known of a mirror: only what a flag says.",
         .details = "An entry in the mirror's audit trail says what was changed. For its review "
                    "status see mirror review; to switch it on or off see mirror enable and mirror "
                    "disable.",
         .examples = {{"mirrorwarden mirror edit valid-mirror --speed 1G --ftp-url \"\"",
                       "faster, and no ftp any more"}}},
        [flags](Environment& environment) { return edit_mirror(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_mirror_field_flags(command, flags->fields);
}

void add_review(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ReviewFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "review",
         .summary = "say what the admins think of a mirror",
         .description = "Say what the admins think of a mirror. It is official if it is OFFICIAL "
                        "here and a candidate by its owner's wish.",
         .details = "",
         .examples = {{"mirrorwarden mirror review valid-mirror --status OFFICIAL", ""},
                      {"mirrorwarden mirror review old-mirror --status BROKEN --reason \"no TLS "
                       "since May\"",
                       ""}}},
        [flags](Environment& environment) { return review_mirror(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_word<ReviewStatus>(command, "--status", flags->status, service::all_review_statuses(),
                           "The verdict")
        .required();
    add_option(command, "--reason", flags->reason, "Why, for the audit trail").type_name("TEXT");
}

}  // namespace

void add_mirror_edit_commands(CommandTree& tree, CLI::App& group) {
    add_add(tree, group);
    add_edit(tree, group);
    add_review(tree, group);
}

}  // namespace mirrorwarden
