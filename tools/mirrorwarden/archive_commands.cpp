#include "model/archive_index.hpp"
#include "model/mirror_url.hpp"
#include "model/reserved_name.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/archive_add.hpp"
#include "tools/mirrorwarden/archive_refresh.hpp"
#include "tools/mirrorwarden/archive_show.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/job_run.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/probe_client.hpp"
#include "tools/mirrorwarden/program_log.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

namespace mirrorwarden {
namespace {

struct AddFlags {
    NewArchive archive;
    bool no_refresh = false;
    ProbeSettings settings;
};

struct RefreshFlags {
    std::string distribution;
    bool json = false;
    std::string statsd;
    ProbeSettings settings;
};

struct ShowFlags {
    std::string distribution;
    bool json = false;
};

ProbeOptions client_options(const ProbeSettings& settings, const Environment& environment) {
    auto options = resolve(settings, environment.config().probe);
    options.connect_timeout = std::min(options.connect_timeout, options.timeout);
    check_proxies(options);
    return options;
}

/// The named distribution, or all that have a primary archive.
std::vector<model::Distribution> chosen_distributions(model::Store& store,
                                                      const std::string& name) {
    if (!name.empty()) {
        return {known_distribution(store, name)};
    }
    auto all = store.distributions();
    if (all.empty()) {
        throw InputError(
            "no distribution is known yet; add one with mirrorwarden archive add, or "
            "load a catalogue");
    }
    return all;
}

/// Says on standard error what went wrong, and chooses the exit status.
int judge(const std::vector<ArchiveReport>& reports) {
    int status = exit_status::done;
    for (const auto& report : reports) {
        for (const auto& line : troubles_of(report)) {
            log_warning(line);
            status = exit_status::could_not_run;
        }
    }
    return status;
}

int refresh(Environment& environment, const RefreshFlags& flags) {
    const auto store = environment.open_store();
    auto distributions = chosen_distributions(*store, flags.distribution);
    std::erase_if(distributions, [](const auto& one) { return one.primary_url.empty(); });
    if (distributions.empty()) {
        throw InputError(fmt::format(
            "{} primary archive; give its URL as primary_url in the catalogue",
            flags.distribution.empty() ? "no distribution has a"
                                       : model::in_quotes(flags.distribution) + " has no"));
    }
    if (!may_run(environment, "archive-refresh")) {
        return exit_status::done;
    }
    const JobRun job(environment, "archive-refresh", flags.statsd);
    const auto lock = store->try_lock("archive");
    if (!lock) {
        complain("another `mirrorwarden archive` is running on this database; wait for it to end");
        return exit_status::locked;
    }
    ArchiveClient client(client_options(flags.settings, environment));
    std::vector<ArchiveReport> reports;
    reports.reserve(distributions.size());
    for (const auto& distribution : distributions) {
        reports.push_back(refresh_archive(*store, distribution, client));
    }
    const int status = judge(reports);
    print(flags.json ? refresh_json(reports) : refresh_text(reports, environment.screen()));
    if (status == exit_status::done) {
        job.succeed(*store);
    }
    return status;
}

std::string added_text(const model::Distribution& distribution) {
    auto text =
        fmt::format("Added the distribution {} ({}).\n", distribution.name, distribution.title);
    for (const auto& series : distribution.series) {
        text +=
            fmt::format("  series {} {}: {}; {}\n", series.name, series.version,
                        fmt::join(series.components, ", "), fmt::join(series.architectures, ", "));
    }
    std::vector<std::string> suites;
    for (const auto& suite : model::suites_of(distribution)) {
        suites.push_back(suite.suite);
    }
    return text + fmt::format("  suites {}\n", fmt::join(suites, ", "));
}

std::string next_steps(const model::Distribution& distribution, bool is_refreshed) {
    std::string text = "\nWhat to do next:\n";
    if (distribution.keyring.empty()) {
        text +=
            "  No signature was verified, for no keyring was given. archive refresh wants one: "
            "give it\n  as keyring in the catalogue, and load that.\n";
    } else if (!is_refreshed) {
        text += fmt::format("  mirrorwarden archive refresh {}\n", distribution.name);
    }
    return text + fmt::format(
                      "  mirrorwarden mirror add --distribution {} --http-url URL --owner "
                      "ADDRESS --country CODE\n"
                      "  mirrorwarden probe --report\n"
                      "  and in cron, every hour: mirrorwarden archive refresh {}\n",
                      distribution.name, distribution.name);
}

void check_new_name(model::Store& store, const model::Distribution& distribution) {
    if (store.distribution(distribution.name)) {
        throw InputError(
            fmt::format("there is a distribution {} already; choose another --name, "
                        "or change it with mirrorwarden catalog load",
                        model::in_quotes(distribution.name)));
    }
}

int add(Environment& environment, const AddFlags& flags) {
    const auto& name = flags.archive.name;
    if (!name.empty() && !model::is_valid_name(name)) {
        throw InputError(
            fmt::format("--name: {} is no name: it begins with a-z or 0-9, and goes "
                        "on with these, +, . and -",
                        model::in_quotes(name)));
    }
    if (model::is_reserved_name(name)) {
        throw InputError(
            fmt::format("--name: a distribution cannot be called {}: the status "
                        "service has a page or list of that name",
                        model::in_quotes(name)));
    }
    if (!model::is_plain_text(flags.archive.title, model::Lines::one)) {
        throw InputError("--title: it is no plain text of one line");
    }
    const auto store = environment.open_store();
    const auto lock = store->try_lock("archive");
    if (!lock) {
        complain("another `mirrorwarden archive` is running on this database; wait for it to end");
        return exit_status::locked;
    }
    ArchiveClient client(client_options(flags.settings, environment));
    const auto distribution = read_archive(flags.archive, client);
    check_new_name(*store, distribution);
    model::Catalog catalog;
    catalog.distributions.push_back(distribution);
    accepted(store->load_catalog(catalog, environment.author("archive add")));
    print(added_text(distribution));
    const bool is_to_be_read = !distribution.keyring.empty() && !flags.no_refresh;
    int status = exit_status::done;
    if (is_to_be_read) {
        const std::vector reports = {refresh_archive(*store, distribution, client)};
        status = judge(reports);
        print("\n" + refresh_text(reports, environment.screen()));
    }
    print(next_steps(distribution, is_to_be_read && status == exit_status::done));
    return status;
}

int show(Environment& environment, const ShowFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    std::vector<model::Distribution> distributions;
    if (flags.distribution.empty()) {
        distributions = store->distributions();
    } else {
        distributions = {known_distribution(*store, flags.distribution)};
    }
    const auto archives = known_archives(*store, distributions);
    print(flags.json ? archives_json(archives) : archives_text(archives, environment.screen()));
    return exit_status::done;
}

void add_client_flags(CLI::App& command, ProbeSettings& settings) {
    add_seconds(command, "--timeout", settings.timeout,
                "How long the archive may take to answer, in seconds. Default: 30");
    add_seconds(command, "--connect-timeout", settings.connect_timeout,
                "How long connecting may take, in seconds, no longer than --timeout. Default: 10");
    add_proxy(command, settings.proxy);
}

void add_add(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<AddFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "add",
         .summary = "make a distribution of a live archive",
         .description = "Make a distribution of what the Release files of a live archive say: its "
                        "series, components, architectures and pockets; and read what it has.",
         .details = "All suites or nothing: where one cannot be read or believed, nothing is "
                    "changed. The series of a suite is its name without -security, -updates, "
                    "-proposed or -backports; each series is expected to have the pockets of all "
                    "the suites. Of the components and architectures all are part, or those that "
                    "you name; sources always are.\n\nWith a keyring the archive is read at once, "
                    "as archive refresh "
                    "does: what is there now is the baseline from which later changes are dated.",
         .examples =
             {{"mirrorwarden archive add http://archive.example.org/debian/ --suite bookworm "
               "--suite bookworm-updates --signed-by "
               "/usr/share/keyrings/debian-archive-keyring.gpg",
               "all of it"},
              {"mirrorwarden archive add http://archive.example.org/debian/ --suite bookworm "
               "--component main --arch amd64 --arch arm64 --signed-by "
               "/usr/share/keyrings/debian-archive-keyring.gpg",
               "what two architectures need of main"},
              {"mirrorwarden archive add http://archive.example.org/ --suite stable "
               "--signed-by example.asc --name example --title \"Example Linux\"",
               ""}}},
        [flags](Environment& environment) { return add(environment, *flags); });
    add_option(command, "URL", flags->archive.url, "The folder that has dists/ and pool/")
        .required()
        .type_name("URL");
    add_option(command, "--suite", flags->archive.suites,
               "A suite, which is a folder below dists/; may be given again")
        .required()
        .allow_extra_args(false)
        .type_name("SUITE");
    add_option(command, "--component", flags->archive.wanted.components,
               "Only this component; may be given again. Default: all of the Release")
        .allow_extra_args(false)
        .type_name("NAME");
    add_option(command, "--arch", flags->archive.wanted.architectures,
               "Only this architecture; may be given again. Default: all of the Release, which "
               "names some that archive.ubuntu.com has elsewhere")
        .allow_extra_args(false)
        .type_name("ARCH");
    add_option(command, "--signed-by", flags->archive.keyring,
               "A file of the public keys that sign the archive, armoured or not; without it "
               "no signature is verified, and nothing can be refreshed")
        .type_name("FILE");
    add_option(command, "--name", flags->archive.name,
               "Its name in the catalogue. Default: the Origin of its Release files")
        .type_name("NAME");
    add_option(command, "--title", flags->archive.title,
               "Its name for people. Default: the Origin of its Release files")
        .type_name("TEXT");
    add_flag(command, "--no-refresh", flags->no_refresh,
             "Leave it to archive refresh to read what the archive has");
    add_client_flags(command, flags->settings);
}

void add_refresh(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<RefreshFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "refresh",
         .summary = "take in what the primary archives have published",
         .description = "Take in what the primary archives have published since the last time: "
                        "mirrors are measured by it.",
         .details =
             "Asks for the InRelease of every suite, or its Release and Release.gpg. One that has "
             "not changed costs a single conditional request. One that has is verified with gpgv "
             "and the distribution's keyring, and refused, each with a reason of its own, where it "
             "is unsigned, badly signed, another suite's, expired, or older than the one that is "
             "known. Then the indexes that changed are read: packages that are new in them were "
             "published at the Date of the Release, those that have gone are superseded. What is "
             "read of a suite for the first time is its baseline, and dates nothing.\n\n"
             "Each suite is stored whole or not at all, and the fault of one does not stop the "
             "others: the exit status is 1 then. Run it from cron as often as the archive changes; "
             "one run at a time, a second one says so and ends with status 4. Needs the program "
             "gpgv, of the package of that name. A run that ended with status 0 is kept as the "
             "job archive-refresh, which the control file may switch off.",
         .examples = {{"mirrorwarden archive refresh", "all distributions"},
                      {"mirrorwarden archive refresh debian --json", ""}}},
        [flags](Environment& environment) { return refresh(environment, *flags); });
    add_option(command, "DISTRIBUTION", flags->distribution,
               "Only this one. Default: all that have a primary archive")
        .type_name("NAME");
    add_flag(command, "--json", flags->json,
             "Print JSON: an object with an array \"distributions\"");
    add_statsd(command, flags->statsd);
    add_client_flags(command, flags->settings);
}

void add_show(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ShowFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "show",
         .summary = "show what is known of the primary archives",
         .description = "Show each suite of the primary archives: the Date of its newest snapshot, "
                        "until when that is valid, and when it was first seen.",
         .details = "",
         .examples = {{"mirrorwarden archive show", ""},
                      {"mirrorwarden archive show debian --json", ""}}},
        [flags](Environment& environment) { return show(environment, *flags); });
    add_option(command, "DISTRIBUTION", flags->distribution, "Only this one. Default: all")
        .type_name("NAME");
    add_flag(command, "--json", flags->json,
             "Print JSON: an object with an array \"distributions\"");
}

}  // namespace

void add_archive_commands(CommandTree& tree) {
    CLI::App& archive =
        tree.add_group(tree.root(), {.name = "archive",
                                     .summary = "the primary archives, which mirrors copy",
                                     .description = "The primary archives, which mirrors copy.",
                                     .details = "",
                                     .examples = {}});
    add_add(tree, archive);
    add_refresh(tree, archive);
    add_show(tree, archive);
}

}  // namespace mirrorwarden
