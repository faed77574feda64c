#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/report_commands.hpp"
#include "tools/mirrorwarden/report_session.hpp"
#include "tools/workers/command_end.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>

namespace mirrorwarden {
namespace {

using Outcome = workers::Sending::Outcome;

// Less than the hour that the service gives an attempt.
constexpr std::chrono::seconds default_timeout{3000};
constexpr std::chrono::seconds grace{10};
// The command is what matters: it does not wait long for a service that is away.
constexpr std::chrono::milliseconds start_patience_max{10'000};

struct RunFlags {
    ReportFlags report;
    std::optional<std::size_t> branch;
    std::optional<std::chrono::milliseconds> timeout;
    std::vector<std::string> command;
};

/// Ours, without what proves who we are.
std::vector<std::string> command_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!std::string_view(*variable).starts_with("MIRRORWARDEN_TOKEN=")) {
            variables.emplace_back(*variable);
        }
    }
    return variables;
}

int run_and_report(Environment& environment, const RunFlags& flags) {
    const workers::StopSignals stop;
    ReportSession session(report_options(environment, flags.report), &stop);
    const auto id = branch_number(flags.branch);
    const auto patience = session.options().patience;
    auto reporter = session.make_reporter();
    const auto start =
        reporter.send(workers::branch_started(id, now()), std::min(patience, start_patience_max));
    if (start.outcome == Outcome::refused || start.outcome == Outcome::lost) {
        complain("nothing was run: the service does not know of it");
        return tell_sending(start);
    }
    tell_sending(start);

    const auto timeout = flags.timeout.value_or(default_timeout);
    const auto end = workers::run_process({.words = flags.command,
                                           .environment = command_environment(),
                                           .timeout = timeout,
                                           .grace = grace,
                                           .file_bytes_max = 0,
                                           .stop = stop.descriptor(),
                                           .output = workers::ProcessOrder::Output::is_shown});
    const auto verdict = workers::judge_command(end, flags.command.front(),
                                                std::chrono::ceil<std::chrono::seconds>(timeout));

    const auto attempt = workers::attempt_of(start.answer);
    const auto report = verdict.is_complete ? workers::branch_complete(id, verdict.words, attempt)
                                            : workers::branch_failed(id, verdict.words, attempt);
    const int reported = tell_sending(reporter.send(report, patience));
    const int status = workers::exit_status_of(end, verdict);
    return status == exit_status::done ? reported : status;
}

}  // namespace

void add_report_run(CommandTree& tree, CLI::App& report) {
    auto flags = std::make_shared<RunFlags>();
    CLI::App& command = tree.add_command(
        report,
        {.name = "run",
         .summary = "run a command, and report how it went",
         .description = "Say that mirroring a branch begins, run the command that does it, and "
                        "report how it went.",
         .details =
             "It is complete where the command ends with status 0, and the last line that it "
             "prints is the revision. Else it failed, and the last line of its standard error says "
             "why; also when it is killed, or takes too long, or this program is told to end. What "
             "the command prints is shown as it comes. It runs without a shell and without a "
             "terminal, its standard input is empty, and it does not see the token.\n\n"
             "While the service is away the command runs all the same, and start and end are kept "
             "and sent later.",
         .examples = {{"mirrorwarden report run --branch 7 -- /usr/local/bin/import-branch lp/foo",
                       ""}},
         .statuses = {{0, "The command ended well, and that was reported, or is kept."},
                      {1, "The command printed no revision, or its end could not be reported."},
                      {2, "Wrong usage, or the service refused the report."},
                      {124, "The command took too long."},
                      {126, "The command could not be run; 127: it was not found."},
                      {128, "And the number of the signal that ended the command."}}},
        [flags](Environment& environment) { return run_and_report(environment, *flags); });
    add_branch_number(command, "--branch", flags->branch);
    add_seconds(command, "--timeout", flags->timeout,
                "How long the command may take; then it gets SIGTERM, and SIGKILL 10 seconds "
                "later. Default: 3000");
    add_report_flags(command, flags->report);
    add_option(command, "COMMAND", flags->command, "The command and its arguments, after --")
        .required()
        .expected(1, 1000)
        .type_name("COMMAND");
}

}  // namespace mirrorwarden
