#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/job_run.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/mail_delivery.hpp"
#include "tools/mirrorwarden/mirror_table.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace mirrorwarden {
namespace {

constexpr std::size_t id_max = std::numeric_limits<std::int64_t>::max();

struct ListFlags {
    bool all = false;
    bool json = false;
};

int list_outbox(Environment& environment, const ListFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    const auto entries = store->outbox(flags.all);
    if (!flags.json) {
        print(outbox_text(entries, environment.screen()));
        return exit_status::done;
    }
    auto json = nlohmann::ordered_json::array();
    for (const auto& entry : entries) {
        json.push_back(json::outbox_json(entry));
    }
    print(json::print_json(json));
    return exit_status::done;
}

int retry_message(Environment& environment, std::int64_t id) {
    const auto store = environment.open_store();
    accepted(store->retry_message(model::MessageId{id}, now()));
    print(fmt::format("Mail {} waits again.\n", id));
    return exit_status::done;
}

int discard_message(Environment& environment, std::int64_t id) {
    const auto store = environment.open_store();
    accepted(store->discard_message(model::MessageId{id}));
    print(fmt::format("Mail {} is discarded.\n", id));
    return exit_status::done;
}

void add_list(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ListFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "list",
         .summary = "list the mail that waits",
         .description = "List the mail that waits to be sent, oldest first.",
         .details = "An uncertain one was handed to the mail server, whose word did not come back: "
                    "it may or may not have arrived, and is never sent again by itself.",
         .examples = {{"mirrorwarden outbox list", ""},
                      {"mirrorwarden outbox list --json | jq -r '.[].body'", "the mails' texts"}}},
        [flags](Environment& environment) { return list_outbox(environment, *flags); });
    add_flag(command, "--all", flags->all, "Also mail that was sent");
    add_flag(command, "--json", flags->json, "Print JSON: an array, an object a mail");
}

struct DeliverFlags {
    bool only_due = false;
    std::string statsd;
};

int deliver(Environment& environment, const DeliverFlags& flags) {
    const auto server = find_mail_server(environment.config().mail);
    if (!server) {
        throw InputError(
            "no mail server is configured; name one as smtp_url in section [mail] of the "
            "configuration");
    }
    const auto store = environment.open_store();
    if (!may_run(environment, "outbox-deliver")) {
        return exit_status::done;
    }
    const JobRun job(environment, "outbox-deliver", flags.statsd);
    const auto delivery = deliver_mail(
        *store, *server, flags.only_due ? prober::Round::of_due : prober::Round::of_all);
    if (!delivery) {
        complain("another process is delivering mail from this database; wait for it to end");
        return exit_status::locked;
    }
    print(fmt::format("{} sent, {} waiting again, {} uncertain, {} left.\n", delivery->sent,
                      delivery->failed, delivery->uncertain, delivery->left));
    if (const auto trouble = describe_trouble(*delivery); !trouble.empty()) {
        complain(trouble);
        return exit_status::could_not_run;
    }
    job.succeed(*store);
    return exit_status::done;
}

void add_deliver(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<DeliverFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "deliver",
         .summary = "send the mail that waits",
         .description = "Send the mail that waits, now.",
         .details =
             "A mail that could not be sent waits for 5 minutes and longer each time, for 12 "
             "hours at most: the probe after that sends it, and so does this command at once. "
             "The status is 1 where any mail could not be sent. A run that ended "
             "with status 0 is kept as the job outbox-deliver, which the control file may switch "
             "off; probe sends mail all the same.",
         .examples = {{"mirrorwarden outbox deliver", ""},
                      {"mirrorwarden outbox deliver --due", "from cron, between probes"}}},
        [flags](Environment& environment) { return deliver(environment, *flags); });
    add_flag(command, "--due", flags->only_due,
             "Only mail that has waited for as long as it should after its last failure");
    add_statsd(command, flags->statsd);
}

void add_retry(CommandTree& tree, CLI::App& group) {
    auto id = std::make_shared<std::optional<std::size_t>>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "retry",
         .summary = "let an uncertain mail be sent again",
         .description = "Let an uncertain mail be sent again, at the risk that it arrives twice.",
         .details = "",
         .examples = {{"mirrorwarden outbox retry 17", ""}}},
        [id](Environment& environment) {
            return retry_message(environment, static_cast<std::int64_t>(**id));
        });
    add_count(command, "ID", *id, {1, id_max}, "The mail, as outbox list numbers it")
        .required()
        .type_name("ID");
}

void add_discard(CommandTree& tree, CLI::App& group) {
    auto id = std::make_shared<std::optional<std::size_t>>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "discard",
         .summary = "forget a mail that was not sent",
         .description = "Forget a mail that waits or is uncertain: it is never sent.",
         .details = "",
         .examples = {{"mirrorwarden outbox discard 17", ""}}},
        [id](Environment& environment) {
            return discard_message(environment, static_cast<std::int64_t>(**id));
        });
    add_count(command, "ID", *id, {1, id_max}, "The mail, as outbox list numbers it")
        .required()
        .type_name("ID");
}

}  // namespace

void add_outbox_commands(CommandTree& tree) {
    CLI::App& outbox = tree.add_group(
        tree.root(), {.name = "outbox",
                      .summary = "mail to owners and admins",
                      .description = "Mail to owners and admins that was decided on.",
                      .details = "",
                      .examples = {}});
    add_list(tree, outbox);
    add_deliver(tree, outbox);
    add_retry(tree, outbox);
    add_discard(tree, outbox);
}

}  // namespace mirrorwarden
