#include "tools/mirrorwarden/check_options.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/probe_client.hpp"

#include <memory>

namespace mirrorwarden {
namespace {

struct CheckFlags {
    CheckOptions options;
    ProbeSettings settings;
};

int check(Environment& environment, const CheckFlags& flags) {
    auto options = flags.options;
    options.client = resolve(flags.settings, environment.config().probe);
    if (options.client.connect_timeout > options.client.timeout) {
        options.client.connect_timeout = options.client.timeout;
    }
    check_proxies(options.client);
    return run_check(environment, options);
}

const CommandText text{
    .name = "check",
    .summary = "say whether apt would work with one mirror",
    .description =
        "Look at one mirror, as apt would: the signature of each suite's Release, whether its "
        "indexes are those that the Release names, how far it is behind, each address and the "
        "certificate. Says of each fault what shows it and what mends it.",
    .details =
        "Needs no database and no catalogue: say the suites and the keyring. With --distribution "
        "both come from the catalogue, and so does what the primary archive published.\n\n"
        "With an rsync:// URL, and nothing else, the daemon's greeting and its list of modules are "
        "looked at.\n\n"
        "The exit status is for monitoring: 0 good, 1 warning, 2 bad, 3 could not tell (no answer "
        "to judge by, no keyring, no gpgv). Wrong usage ends with 2, too, and prints nothing on "
        "standard output; a report is always printed there.",
    .examples =
        {{"mirrorwarden check http://mirror.example.org/debian/ --suite bookworm --suite "
          "bookworm-updates --signed-by /usr/share/keyrings/debian-archive-keyring.gpg",
          "before a mirror is registered"},
         {"mirrorwarden check http://mirror.example.org/debian/ --suite bookworm --arch amd64 "
          "--primary http://primary.example.org/debian/",
          "how far behind the primary archive it is"},
         {"mirrorwarden check http://mirror.example.org/debian/ --distribution debian --json",
          "for a program, by the catalogue"},
         {"mirrorwarden check rsync://mirror.example.org/debian/", "its rsync daemon"}},
    .statuses = {{0, "Good: apt would work with it."},
                 {1, "A warning: apt works, but look at it."},
                 {2,
                  "Bad: apt would fail, or the mirror does not answer. Also wrong usage, which "
                  "prints nothing on standard output."},
                 {3, "Could not tell: no keyring, no gpgv, trouble on this machine."}}};

void add_question_flags(CLI::App& command, CheckOptions& options) {
    add_option(command, "--distribution", options.distribution,
               "Take suites, keyring and the primary's history from this one of the catalogue")
        .type_name("NAME");
    add_option(command, "--suite", options.suites,
               "A suite, which is a folder below dists/; may be given again")
        .type_name("SUITE")
        .allow_extra_args(false);
    add_option(command, "--signed-by", options.keyring,
               "The keys that may sign: a file as apt's Signed-By has it")
        .type_name("FILE");
    add_option(command, "--component", options.wish.components,
               "Only this component; may be given again. Default: all of the Release")
        .type_name("NAME")
        .allow_extra_args(false);
    add_option(command, "--arch", options.wish.architectures,
               "Only this architecture, \"source\" for sources; may be given again. Default: "
               "all of the Release")
        .type_name("ARCH")
        .allow_extra_args(false);
    add_option(command, "--primary", options.primary,
               "The primary archive's URL: its Release files tell how far the mirror is "
               "behind")
        .type_name("URL");
}

void add_limit_flags(CLI::App& command, ProbeSettings& settings) {
    add_count(command, "--max-parallel-per-host", settings.max_parallel_per_host, {1, 100},
              "At most so many requests at once. Default: 2");
    add_seconds(command, "--timeout", settings.timeout,
                "How long one request may take, in seconds. Default: 30");
    add_seconds(command, "--connect-timeout", settings.connect_timeout,
                "How long connecting may take, in seconds, no longer than --timeout. Default: 10");
    add_proxy(command, settings.proxy);
}

}  // namespace

void add_check_command(CommandTree& tree) {
    auto flags = std::make_shared<CheckFlags>();
    CLI::App& command = tree.add_command(tree.root(), text, [flags](Environment& environment) {
        return check(environment, *flags);
    });
    add_option(command, "URL", flags->options.url,
               "The mirror's base URL: the folder of dists/; or its rsync URL")
        .required()
        .type_name("URL");
    add_question_flags(command, flags->options);
    add_flag(command, "--deep", flags->options.deep,
             "Fetch and hash small indexes, one large one, and a few files of the pool "
             "too: some megabytes");
    add_limit_flags(command, flags->settings);
    add_flag(command, "--json", flags->options.json, "Print the report as JSON");
}

}  // namespace mirrorwarden
