#include "tools/mirrorwarden/report_commands.hpp"

#include "model/text_rules.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/report_session.hpp"

#include <fmt/format.h>

#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace mirrorwarden {
namespace {

using model::BranchType;
using workers::Report;

struct BranchFlags {
    ReportFlags report;
    std::optional<std::size_t> id;
    std::string text;  // the revision, or the reason
    std::string attempt;
    std::vector<std::string> types;
    bool json = false;

    model::BranchId branch() const { return branch_number(id); }
};

int send(Environment& environment, const ReportFlags& flags, const Report& report) {
    ReportSession session(report_options(environment, flags), nullptr);
    return tell_sending(session.make_reporter().send(report, session.options().patience));
}

int start_branch(Environment& environment, const BranchFlags& flags) {
    ReportSession session(report_options(environment, flags.report), nullptr);
    const auto sending = session.make_reporter().send(
        workers::branch_started(flags.branch(), now()), session.options().patience);
    if (const auto attempt = workers::attempt_of(sending.answer); !attempt.empty()) {
        print(attempt + '\n');
    }
    return tell_sending(sending);
}

std::vector<BranchType> read_types(const std::vector<std::string>& words) {
    std::vector<BranchType> types;
    for (const auto& word : words) {
        const auto type = model::parse_branch_type(word);
        if (!type || *type == BranchType::remote) {
            throw InputError(fmt::format("--type: {} is none of HOSTED|MIRRORED|IMPORTED",
                                         model::in_quotes(word)));
        }
        types.push_back(*type);
    }
    return types;
}

int acquire_branch(Environment& environment, const BranchFlags& flags) {
    const auto types = read_types(flags.types);
    ReportSession session(report_options(environment, flags.report), nullptr);
    const auto sending =
        session.make_reporter().ask(workers::acquire_branch(types), session.options().patience);
    if (const int status = tell_sending(sending); status != exit_status::done) {
        return status;
    }
    const auto acquired = workers::read_acquired(sending.answer);
    if (acquired.has_error()) {
        throw std::runtime_error(
            fmt::format("the service's answer makes no sense: {}", acquired.error()));
    }
    if (flags.json) {
        print(sending.answer + (sending.answer.ends_with('\n') ? "" : "\n"));
    } else if (acquired->has_value()) {
        const auto& branch = **acquired;
        print(fmt::format("{}\t{}\t{}\t{}\n", model::to_integer(branch.id), branch.attempt,
                          branch.url, branch.name));
    }
    return exit_status::done;
}

Option add_text(CLI::App& command, const std::string& flag, std::string& target,
                const std::string& description) {
    return add_option(command, flag, target, description).type_name("TEXT");
}

void add_attempt(CLI::App& command, BranchFlags& flags) {
    add_option(command, "--attempt", flags.attempt,
               "The attempt, as start or acquire printed it. Default: the one that this "
               "token's worker began by the branch's number")
        .type_name("TOKEN");
}

struct BranchCommand {
    CommandText text;
    std::function<int(Environment&, const BranchFlags&)> run;
    std::function<void(CLI::App&, BranchFlags&)> add_options;
};

void add_start(std::vector<BranchCommand>& commands) {
    commands.push_back(
        {{.name = "start",
          .summary = "say that mirroring a branch begins",
          .description = "Say that mirroring a branch begins now, and print the attempt.",
          .details =
              "The service gives an attempt an hour. Who has not reported complete or failed by "
              "then counts as failed, and what they say later is refused. Where the service is "
              "away, nothing is printed, and the report is kept with the time.",
          .examples = {{"attempt=$(mirrorwarden report branch start 7)", ""}}},
         start_branch,
         [](CLI::App& command, BranchFlags& flags) {
             add_branch_number(command, "ID", flags.id);
         }});
}

void add_ends(std::vector<BranchCommand>& commands) {
    commands.push_back(
        {{.name = "complete",
          .summary = "say that a branch was mirrored",
          .description = "Say that a branch was mirrored, and up to which revision.",
          .details = "",
          .examples = {{"mirrorwarden report branch complete 7 --revision "
                        "5c1a0e7 --attempt \"$attempt\"",
                        ""}}},
         [](Environment& environment, const BranchFlags& flags) {
             return send(environment, flags.report,
                         workers::branch_complete(flags.branch(), flags.text, flags.attempt));
         },
         [](CLI::App& command, BranchFlags& flags) {
             add_branch_number(command, "ID", flags.id);
             add_text(command, "--revision", flags.text, "The newest that is there now").required();
             add_attempt(command, flags);
         }});
    commands.push_back(
        {{.name = "failed",
          .summary = "say that mirroring a branch failed",
          .description = "Say that mirroring a branch failed, and why.",
          .details = "",
          .examples = {{"mirrorwarden report branch failed 7 --reason \"no route to host\"", ""}}},
         [](Environment& environment, const BranchFlags& flags) {
             return send(environment, flags.report,
                         workers::branch_failed(flags.branch(), flags.text, flags.attempt));
         },
         [](CLI::App& command, BranchFlags& flags) {
             add_branch_number(command, "ID", flags.id);
             add_text(command, "--reason", flags.text, "Why, in a line for people").required();
             add_attempt(command, flags);
         }});
}

void add_questions(std::vector<BranchCommand>& commands) {
    commands.push_back(
        {{.name = "request",
          .summary = "ask that a branch be mirrored soon",
          .description = "Ask that a branch be mirrored as soon as a worker is free.",
          .details = "",
          .examples = {{"mirrorwarden report branch request 7", ""}}},
         [](Environment& environment, const BranchFlags& flags) {
             return send(environment, flags.report, workers::branch_requested(flags.branch()));
         },
         [](CLI::App& command, BranchFlags& flags) {
             add_branch_number(command, "ID", flags.id);
         }});
    commands.push_back(
        {{.name = "acquire",
          .summary = "get a branch that is due, and begin it",
          .description = "Get the branch that has been due for longest, and say that mirroring it "
                         "begins.",
          .details = "Prints the branch's number, the attempt, the URL and the name, apart by "
                     "tabs; nothing where nothing is due. No two workers get the same branch.",
          .examples = {{"mirrorwarden report branch acquire", ""},
                       {"mirrorwarden report branch acquire --type IMPORTED --json", ""}}},
         acquire_branch,
         [](CLI::App& command, BranchFlags& flags) {
             add_option(command, "--type", flags.types,
                        "What kind of branch; may be repeated. Default: MIRRORED and IMPORTED")
                 .type_name("HOSTED|MIRRORED|IMPORTED")
                 .expected(1, 1)
                 .take_all();
             add_flag(command, "--json", flags.json,
                      "Print JSON: an object with branch and attempt; branch is null where "
                      "nothing is due");
         }});
}

void add_branch_commands(CommandTree& tree, CLI::App& report) {
    CLI::App& branch = tree.add_group(
        report, {.name = "branch",
                 .summary = "report on the mirroring of a branch",
                 .description = "Report on the mirroring of a branch. The token is one that was "
                                "made with --for branch.report.",
                 .details = "",
                 .examples = {}});
    std::vector<BranchCommand> commands;
    add_start(commands);
    add_ends(commands);
    add_questions(commands);
    for (const auto& each : commands) {
        auto flags = std::make_shared<BranchFlags>();
        CLI::App& command = tree.add_command(
            branch, each.text,
            [flags, run = each.run](Environment& environment) { return run(environment, *flags); });
        each.add_options(command, *flags);
        add_report_flags(command, flags->report);
    }
}

struct ScriptFlags {
    ReportFlags report;
    std::string name;
    std::string host;
    std::optional<model::Timestamp> started;
    std::optional<model::Timestamp> completed;
};

int report_script(Environment& environment, const ScriptFlags& flags) {
    const model::ScriptActivity activity{.name = flags.name,
                                         .host = flags.host.empty() ? host_name() : flags.host,
                                         .started = *flags.started,
                                         .completed = flags.completed.value_or(now())};
    if (activity.completed < activity.started) {
        throw InputError("--completed: it is before --started");
    }
    return send(environment, flags.report, workers::script_ran(activity));
}

void add_script(CommandTree& tree, CLI::App& report) {
    auto flags = std::make_shared<ScriptFlags>();
    CLI::App& command = tree.add_command(
        report,
        {.name = "script",
         .summary = "say that a job ran, and was successful",
         .description = "Say that a job ran, and was successful, so that it is seen when it does "
                        "not.",
         .details = "A run that failed is not reported: that it is missing is what mirrorwarden "
                    "monitor tells. The token is one that was made with --for script.record.",
         .examples = {{"mirrorwarden report script backup --started 2026-11-21T05:00:00Z", ""}}},
        [flags](Environment& environment) { return report_script(environment, *flags); });
    add_option(command, "NAME", flags->name, "The job").required().type_name("NAME");
    add_time(command, "--started", flags->started, "When it began, RFC 3339").required();
    add_time(command, "--completed", flags->completed, "When it ended. Default: now");
    add_option(command, "--host", flags->host, "Where it ran. Default: this machine's name")
        .type_name("HOST");
    add_report_flags(command, flags->report);
}

struct SyncFlags {
    ReportFlags report;
    std::string name;
};

void add_sync(CommandTree& tree, CLI::App& group, const CommandText& text,
              Report (*make)(const std::string&)) {
    auto flags = std::make_shared<SyncFlags>();
    CLI::App& command = tree.add_command(group, text, [flags, make](Environment& environment) {
        return send(environment, flags->report, make(flags->name));
    });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("NAME");
    add_report_flags(command, flags->report);
}

void add_mirror(CommandTree& tree, CLI::App& report) {
    CLI::App& mirror = tree.add_group(
        report, {.name = "mirror",
                 .summary = "say that a mirror's sync began, or is complete",
                 .description = "Say that a mirror's sync began, or is complete. The token is one "
                                "that was made with --for mirror.sync, or --for mirror.",
                 .details = "",
                 .examples = {}});
    add_sync(tree, mirror,
             {.name = "sync-started",
              .summary = "say that a sync began",
              .description = "Say that copying the archive to a mirror began now.",
              .details = "",
              .examples = {{"mirrorwarden report mirror sync-started valid-mirror", ""}}},
             workers::mirror_sync_started);
    add_sync(tree, mirror,
             {.name = "sync-completed",
              .summary = "say that a sync is complete, and ask for a probe",
              .description = "Say that the archive was copied to a mirror. It is probed soon.",
              .details = "",
              .examples = {{"mirrorwarden report mirror sync-completed valid-mirror", ""}}},
             workers::mirror_sync_completed);
}

void add_flush(CommandTree& tree, CLI::App& report) {
    auto flags = std::make_shared<ReportFlags>();
    CLI::App& command = tree.add_command(
        report,
        {.name = "flush",
         .summary = "send what could not be sent before",
         .description = "Send the reports that earlier runs could not.",
         .details = "Every command that reports does so first; this one does nothing else.",
         .examples = {{"mirrorwarden report flush", ""}}},
        [flags](Environment& environment) {
            ReportSession session(report_options(environment, *flags), nullptr);
            const auto sending = session.make_reporter().send_left(session.options().patience);
            tell_sending(sending);
            return sending.outcome == workers::Sending::Outcome::arrived
                       ? exit_status::done
                       : exit_status::could_not_run;
        });
    add_report_flags(command, *flags);
}

}  // namespace

Option add_branch_number(CLI::App& command, const std::string& flag,
                         std::optional<std::size_t>& target) {
    constexpr std::size_t id_max = std::numeric_limits<std::int64_t>::max();
    return add_count(command, flag, target, {1, id_max}, "The branch, as branch list numbers it")
        .required()
        .type_name("ID");
}

model::BranchId branch_number(const std::optional<std::size_t>& number) {
    return model::BranchId{static_cast<std::int64_t>(number.value())};
}

void add_report_commands(CommandTree& tree) {
    CLI::App& report = tree.add_group(
        tree.root(),
        {.name = "report",
         .summary = "tell a service what a worker did",
         .description = "Tell a service what a worker did: no database is needed here, only the "
                        "service's address and a token.",
         .details =
             "While the service is away a report is sent again, after growing pauses. What could "
             "not be sent in time is kept in the spool folder, each run in a file of its own, and "
             "sent first by the next command that reports; that ends with status 0. Nothing is "
             "kept of what the service refused.",
         .examples = {}});
    add_branch_commands(tree, report);
    add_report_run(tree, report);
    add_script(tree, report);
    add_mirror(tree, report);
    add_flush(tree, report);
}

}  // namespace mirrorwarden
