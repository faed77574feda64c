#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/probe_client.hpp"
#include "tools/mirrorwarden/probe_options.hpp"

#include <memory>

namespace mirrorwarden {
namespace {

struct ProbeFlags {
    model::ChooseOptions choose;
    ProbeSettings settings;
    bool no_owner_notification = false;
    bool dry_run = false;
    bool deep = false;
    bool json = false;
    bool report = false;
    std::string statsd;
};

void check(const ProbeFlags& flags) {
    if (flags.json && flags.report) {
        throw InputError(
            "standard output has room for one of them: say --json or --report, not both");
    }
    if (flags.dry_run && flags.report) {
        throw InputError(
            "--dry-run asks nobody, so that there is nothing to --report: leave one out");
    }
    if (flags.deep && flags.choose.content == model::Content::release) {
        throw InputError("--deep is for ARCHIVE mirrors: CD images have no indexes to be fetched");
    }
    if (flags.choose.only_requested && (flags.choose.force || !flags.choose.names.empty())) {
        throw InputError(
            "--requested is for what was asked for over HTTP: say either that, or which mirrors "
            "with --mirror and --force");
    }
}

int probe(Environment& environment, const ProbeFlags& flags) {
    check(flags);
    auto settings = flags.settings;
    if (flags.no_owner_notification) {
        settings.no_owner_notification = true;
    }
    auto options = resolve(settings, environment.config().probe);
    options.choose.content = flags.choose.content;
    options.choose.names = flags.choose.names;
    options.choose.force = flags.choose.force;
    options.choose.only_requested = flags.choose.only_requested;
    options.deep = flags.deep;
    options.dry_run = flags.dry_run;
    options.json = flags.json;
    options.report = flags.report;
    options.statsd = flags.statsd;
    if (options.connect_timeout > options.timeout) {
        options.connect_timeout = options.timeout;
    }
    check_proxies(options);
    return run_probe(environment, options);
}

const CommandText text{
    .name = "probe",
    .summary = "ask mirrors what they have, and decide",
    .description =
        "Ask the mirrors that are due for every index they should have, keep what was "
        "found, switch off mirrors that have nothing, and mail their owners.",
    .details =
        "Due are enabled mirrors, and those that an earlier probe switched off, which were never "
        "probed or not for 23 hours, or whose probe somebody asked for over HTTP. Run it from cron "
        "as often as you like: one run at a time, a "
        "second one says so and ends with status 4.\n\n"
        "Standard output stays empty unless --json, --report or --dry-run asks for something. On a "
        "terminal, standard error shows how far the run is. Ctrl-C ends it cleanly: what was "
        "decided is kept, what was not is untouched.\n\n"
        "A probe asks what files there are and how large they are. A deep one fetches small "
        "indexes, a large one and a few files of the pool too, others each time, and compares "
        "their SHA-256 with what the mirror's own Release and indexes say. A deep probe that "
        "found a wrong file is repeated until it is mended, where deep_every is not 0.\n\n"
        "A mirror is asked for less where its Release files are those of a probe that found all of "
        "it: for a part of its indexes, each once a day at least, and whether its Release has "
        "changed. One that is named with --mirror, or probed deeply, is asked for everything.\n\n"
        "What a RELEASE mirror should have is said by the manifest of its distribution, a file or "
        "a URL with a line FLAVOUR, SERIES, PATH and SIZE for each file, and tabs between them; "
        "without one, by the catalogue. A set of images is there when each of its files has its "
        "size, and the SHA256SUMS beside it says of them what the primary's says: that beside the "
        "manifest's URL, or else below the primary archive. A manifest that cannot be read ends a "
        "RELEASE run with status 1 before anything is asked or changed.\n\n"
        "A run that ended with status 0 is kept as the job probe, for monitor and the page /jobs; "
        "one with --requested as probe-requested, both with -release behind it for --content "
        "RELEASE, and one with --mirror as probe-mirror: what is done by hand says nothing of what "
        "cron did. The control file, control_file in section [jobs] of the configuration, may "
        "switch each of these off.",
    .examples = {
        {"mirrorwarden probe", "the daily run"},
        {"mirrorwarden probe --mirror valid-mirror --force --report", "look at one mirror now"},
        {"mirrorwarden probe --mirror valid-mirror --force --deep --report",
         "and hash what it has"},
        {"mirrorwarden probe --requested", "every few minutes, for those who asked"},
        {"mirrorwarden probe --dry-run --json", "what would be asked"}}};

void add_choice_flags(CLI::App& command, ProbeFlags& flags) {
    add_word<model::Content>(command, "--content", flags.choose.content,
                             {model::Content::archive, model::Content::release},
                             "Which kind of mirrors: ARCHIVE carries packages, RELEASE carries CD "
                             "images. Default: ARCHIVE");
    add_option(command, "--mirror", flags.choose.names,
               "Only the mirror of this name; may be given again. Default: all that are due")
        .type_name("MIRROR")
        .allow_extra_args(false);
    add_flag(command, "--force", flags.choose.force,
             "Also mirrors that were probed in the last 23 hours");
    add_flag(command, "--requested", flags.choose.only_requested,
             "Only mirrors that somebody asked to be probed over HTTP; without any, and "
             "with status 4 while another run is under way, it ends without a word");
    add_flag(command, "--deep", flags.deep,
             "Fetch and hash indexes and a few files of the pool too, from each mirror "
             "some 64 MB at most. Default: every so many probes of a mirror, as "
             "deep_every of its distribution says");
    add_count(
        command, "--max-mirrors", flags.settings.max_mirrors, {1, 1'000'000},
        "At most so many mirrors: never probed ones first, then the longest ago. Default: all");
}

void add_limit_flags(CLI::App& command, ProbeFlags& flags) {
    add_count(command, "--max-parallel", flags.settings.max_parallel, {1, 20'000},
              "At most so many requests at once, in all. Default: 300");
    add_count(command, "--max-parallel-per-host", flags.settings.max_parallel_per_host, {1, 100},
              "At most so many requests at once to one host. Default: 2");
    add_seconds(command, "--timeout", flags.settings.timeout,
                "How long one request may take, in seconds. Default: 30");
    add_seconds(command, "--connect-timeout", flags.settings.connect_timeout,
                "How long connecting may take, in seconds, no longer than --timeout. Default: 10");
    add_proxy(command, flags.settings.proxy);
}

}  // namespace

void add_probe_commands(CommandTree& tree) {
    auto flags = std::make_shared<ProbeFlags>();
    CLI::App& command = tree.add_command(tree.root(), text, [flags](Environment& environment) {
        return probe(environment, *flags);
    });
    add_choice_flags(command, *flags);
    add_limit_flags(command, *flags);
    add_flag(command, "--no-owner-notification", flags->no_owner_notification,
             "Mail no owner; decisions are recorded all the same");
    add_flag(command, "--dry-run", flags->dry_run,
             "Ask nobody and change nothing: say which mirrors, and how many index requests");
    add_statsd(command, flags->statsd);
    add_flag(command, "--json", flags->json, "Print the run's results as JSON");
    add_flag(command, "--report", flags->report, "Print a table of verdicts, a mirror a line");
}

}  // namespace mirrorwarden
