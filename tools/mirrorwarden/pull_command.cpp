#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/job_run.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/report_session.hpp"
#include "tools/workers/folder_lock.hpp"
#include "tools/workers/git_commands.hpp"
#include "tools/workers/pull_run.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

namespace mirrorwarden {
namespace {

using Outcome = workers::Sending::Outcome;

constexpr std::size_t workers_max = 64;
constexpr std::size_t default_workers = 4;
constexpr std::size_t default_megabytes = 20'480;
constexpr std::chrono::seconds default_timeout{3000};  // less than an attempt's hour

struct PullFlags {
    ReportFlags report;
    std::string folder;
    std::optional<std::size_t> workers;
    std::optional<std::size_t> megabytes;
    std::optional<std::chrono::milliseconds> timeout;
    std::string statsd;
};

std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

workers::PullSettings pull_settings(const PullFlags& flags, const ReportSession& session,
                                    const workers::StopSignals& stop) {
    return {.limits = {.folder = std::filesystem::absolute(flags.folder),
                       .environment = workers::git_environment(variable),
                       .timeout = std::chrono::ceil<std::chrono::seconds>(
                           flags.timeout.value_or(default_timeout)),
                       .file_bytes_max = flags.megabytes.value_or(default_megabytes) << 20U,
                       .stop = stop.descriptor()},
            .workers = flags.workers.value_or(default_workers),
            .types = {model::BranchType::mirrored},
            .patience = session.options().patience,
            .service = session.options().service,
            .spool = session.spool()};
}

/// That this job ran; a token that is not good for that does not make it fail.
void record_run(ReportSession& session, const JobRun& job) {
    const auto activity = job.activity();
    auto reporter = session.make_reporter();
    const auto sent = reporter.send(workers::script_ran(activity), session.options().patience);
    if (sent.needs_another_token) {
        reporter.forget();
        complain(
            "warning: this run is not recorded: the token was not made with "
            "--for script.record");
    } else {
        tell_sending(sent);
    }
    job.tell_statsd(activity);
}

int pull(Environment& environment, const PullFlags& flags) {
    auto options = report_options(environment, flags.report);
    if (!may_run(environment, "pull")) {
        return exit_status::done;
    }
    const workers::StopSignals stop;
    ReportSession session(std::move(options), &stop);
    const auto settings = pull_settings(flags, session, stop);
    const auto lock = workers::FolderLock::take(settings.limits.folder);
    if (!lock) {
        complain(fmt::format("another pull works in {}", settings.limits.folder.string()));
        return exit_status::locked;
    }
    const JobRun job(environment, "pull", flags.statsd);
    const auto summary = workers::run_pulls(
        settings, [&] { return session.make_client(); }, session.surroundings(),
        [&] { return stop.has_come(); },
        [](const std::string& line) {
            print(line + '\n');
            std::fflush(stdout);
        });
    print(fmt::format("{} complete, {} failed\n", summary.complete, summary.failed));
    if (!summary.trouble.empty()) {
        complain(summary.trouble);
        return exit_status::could_not_run;
    }
    if (stop.has_come()) {
        complain("interrupted: what was under way is reported as failed");
        return exit_status::could_not_run;
    }
    record_run(session, job);
    return exit_status::done;
}

}  // namespace

void add_pull_command(CommandTree& tree) {
    auto flags = std::make_shared<PullFlags>();
    CLI::App& command = tree.add_command(
        tree.root(),
        {.name = "pull",
         .summary = "mirror the git repositories that are due",
         .description = "Ask a service for branches that are due, mirror each with git into a bare "
                        "repository of its own, and report how it went, until nothing is due.",
         .details =
             "The repository of branch 17 is 17.git in the folder. Its branches and tags become "
             "those of the remote one; HEAD too; the commit of HEAD is the revision "
             "that is reported. git runs without a shell, a user's settings, passwords or hooks, "
             "over https, http, git and ssh; a transfer that stays below 1,000 bytes a second for "
             "a minute is given up. No database is needed here. The token is one that was made "
             "with --for branch.report --for script.record.\n\n"
             "One pull works in a folder at a time; several, on this machine or others, may work "
             "in folders of their own. A run that ended with status 0 is reported as the job pull, "
             "which the control file may switch off.",
         .examples = {{"mirrorwarden pull --into /srv/branches --workers 8", "from cron"}}},
        [flags](Environment& environment) { return pull(environment, *flags); });
    add_option(command, "--into", flags->folder, "The folder of the repositories; made if need be")
        .required()
        .type_name("FOLDER");
    add_count(command, "--workers", flags->workers, {1, workers_max},
              "How many branches at once. Default: 4");
    add_seconds(command, "--timeout", flags->timeout,
                "How long one branch may take. Default: 3000; the service waits an hour");
    add_count(command, "--max-megabytes", flags->megabytes, {1, 1'048'576},
              "The largest file that git may write. Default: 20480");
    add_statsd(command, flags->statsd);
    add_report_flags(command, flags->report);
}

}  // namespace mirrorwarden
