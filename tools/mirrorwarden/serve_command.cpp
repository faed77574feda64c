#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/serve_options.hpp"

#include <memory>

namespace mirrorwarden {
namespace {

struct ServeFlags {
    ServeSettings settings;
    bool no_access_log = false;
};

const CommandText text{
    .name = "serve",
    .summary = "show what is known, over HTTP",
    .description =
        "Serve what the database knows of mirrors over HTTP: pages for people, a JSON API, lists "
        "and "
        "feeds for other programs.",
    .details =
        "It answers from a picture of the database in memory, which is at most a second old: "
        "probe, archive refresh and all other commands may run meanwhile. Where the database goes "
        "away, the last picture is shown on, with a field Stale-Since in each answer, until it "
        "comes back.\n\n"
        "/healthz answers 200 while the process is well, /readyz while the database is too, else "
        "503.\n\n"
        "Who has a token of token create may change things: programs by POST below "
        "/api/v1/mirrors/NAME/, as /api/v1/openapi.json describes, people after /login. Each "
        "change "
        "is in the audit trail, and was committed when it is answered. Owners need no token: where "
        "public_url is in section [serve] of the configuration, which probe reads too, their mails "
        "carry a link that is good for 30 days. What they ask to be probed is probed by the next "
        "probe, or probe --requested. Log-ins that fail are slowed by address, so that a proxy "
        "must "
        "be named as --trusted-proxy.\n\n"
        "Workers need no database: what they did with branches, and that a job ran, they report "
        "here, each with a token of token create --for branch.report, script.record: as XML-RPC "
        "at /xmlrpc/branch and /xmlrpc/scripts (the token is the password of an address such as "
        "http://worker:TOKEN@127.0.0.1:8080/xmlrpc/branch; system.listMethods tells the methods), "
        "or as JSON, as /api/v1/openapi.json describes. An owner's sync script says when it "
        "begins and ends by POST to /api/v1/mirrors/NAME/mirror-sync-started and "
        "mirror-sync-completed.\n\n"
        "HTTP alone is spoken: for HTTPS, put a web server before it, name that as "
        "--trusted-proxy, and what the public sees as --public-url. SIGTERM and Ctrl-C let it "
        "finish what is under way. Where a service manager hands it sockets that listen "
        "(LISTEN_FDS), it takes those, and --listen is left alone.\n\n"
        "Each request is a line on standard error: who, what, the status, bytes of the body, and "
        "the time it took. Queries are not told, as they may hold secrets.",
    .examples = {{"mirrorwarden serve", ""},
                 {"mirrorwarden serve --listen '[::1]:0'", "a free port, which it prints"},
                 {"mirrorwarden serve --base-path /branch1/ubuntu --trusted-proxy 127.0.0.1 "
                  "--public-url https://status.example.org",
                  "below a path of a web server"}}};

void add_place_flags(CLI::App& command, ServeSettings& settings) {
    add_option(command, "--listen", settings.listen,
               "Where to listen: an address and a port, 0 for a free one; may be given "
               "again. Default: 127.0.0.1:8080")
        .type_name("ADDRESS:PORT")
        .allow_extra_args(false);
    add_option(command, "--reports-listen", settings.reports_listen,
               "Where to take what workers report of branches and jobs, and nowhere else: an "
               "address and a port, as --listen; may be given again. Default: where --listen "
               "says")
        .type_name("ADDRESS:PORT")
        .allow_extra_args(false);
    add_option(command, "--base-path", settings.base_path,
               "Serve below this path: every link and cookie stays there. Default: none")
        .type_name("PATH");
    add_option(command, "--public-url", settings.public_url,
               "What the service is from outside, without the base path, for links that must "
               "be whole. Default: the first address that it listens on")
        .type_name("URL");
    add_option(command, "--location-database", settings.location_database,
               "A file in MaxMind's format (.mmdb) that knows the countries of addresses: "
               "mirrors.txt and mirrorlist then begin near ?from=ADDRESS. Default: none")
        .type_name("FILE");
    add_option(command, "--trusted-proxy", settings.trusted_proxies,
               "An address or network whose X-Forwarded-For is believed; may be given again. "
               "Default: none")
        .type_name("NETWORK")
        .allow_extra_args(false);
}

void add_limit_flags(CLI::App& command, ServeSettings& settings) {
    add_count(command, "--max-connections", settings.max_connections, {1, 1'000'000},
              "At most so many connections; the longest idle one makes room. Default: 10000, or "
              "what the limit of descriptors allows");
    add_count(command, "--max-connections-per-client", settings.max_connections_per_client,
              {1, 1'000'000},
              "At most so many of one IPv4 address, or one IPv6 network of 64 bits, but for "
              "trusted proxies. Default: 200");
    add_count(command, "--max-header-bytes", settings.max_header_bytes, {256, 1'048'576},
              "How long a request's header may be. Default: 16384");
    add_count(command, "--max-body-bytes", settings.max_body_bytes, {1, 1'073'741'824},
              "How long a request's body may be. Default: 1048576");
    add_count(command, "--cache-megabytes", settings.cache_megabytes, {0, 65'536},
              "How much of ready answers is kept in memory. Default: 64");
    add_seconds(command, "--header-timeout", settings.header_timeout,
                "How long a client may take for a request's header. Default: 15");
    add_seconds(command, "--body-timeout", settings.body_timeout,
                "How long for a request's body. Default: 30");
    add_seconds(command, "--idle-timeout", settings.idle_timeout,
                "How long it may be silent between two requests. Default: 60");
    add_seconds(command, "--write-timeout", settings.write_timeout,
                "How long it may take to read 64 KiB of an answer. Default: 30");
    add_seconds(command, "--stop-timeout", settings.stop_timeout,
                "How long to finish what is under way when told to stop. Default: 10");
    add_count(command, "--lease", settings.lease_seconds, {1, 2'592'000},
              "How many seconds a worker that mirrors a branch may be silent before that counts as "
              "a failure, and another one may try. Default: 3600");
}

}  // namespace

void add_serve_command(CommandTree& tree) {
    auto flags = std::make_shared<ServeFlags>();
    CLI::App& command = tree.add_command(tree.root(), text, [flags](Environment& environment) {
        auto settings = flags->settings;
        if (flags->no_access_log) {
            settings.no_access_log = true;
        }
        return run_serve(environment, resolve(settings, environment.config().serve));
    });
    add_place_flags(command, flags->settings);
    add_limit_flags(command, flags->settings);
    add_flag(command, "--no-access-log", flags->no_access_log,
             "No line for each request; faults are told all the same");
}

}  // namespace mirrorwarden
