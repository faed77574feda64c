#include "model/catalog_file.hpp"
#include "model/file_references.hpp"
#include "model/publication_file.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/catalog_changes.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/mirror_table.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/read_file.hpp"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

namespace mirrorwarden {
namespace {

constexpr std::size_t catalog_bytes_max = std::size_t{16} << 20;
constexpr std::size_t publications_bytes_max = std::size_t{1} << 30;

std::string name_of(const std::string& file) {
    return file == "-" ? "standard input" : file;
}

// A refused file: what was wrong, and that all is as it was.
template <class T>
T accepted_from(const std::string& file, model::StoreResult<T> result) {
    if (result.has_error()) {
        throw InputError(
            fmt::format("{}: {} Nothing was changed.", name_of(file), result.error().detail));
    }
    return std::move(*result);
}

int load_catalog(Environment& environment, const std::string& file) {
    const auto catalog = model::parse_catalog(read_file(file, catalog_bytes_max));
    if (catalog.has_error()) {
        throw InputError(format_file_errors(file, catalog.error()));
    }
    if (catalog->distributions.empty() && catalog->mirrors.empty()) {
        // What a generator that failed leaves.
        throw InputError(fmt::format(
            "{} has no [[distribution]] and no [[mirror]]; nothing was changed", name_of(file)));
    }
    const auto store = environment.open_store();
    const auto dangling = model::dangling_mirrors(*catalog, store->distributions());
    if (!dangling.empty()) {
        throw InputError(format_file_errors(file, dangling));
    }
    const auto changes =
        accepted_from(file, store->load_catalog(*catalog, environment.author("catalog load")));
    print(catalog_changes_text(changes));
    return exit_status::done;
}

std::vector<std::string> mirror_names(model::Store& store, const std::string& distribution) {
    model::MirrorFilter filter;
    filter.distribution = distribution;
    std::vector<std::string> names;
    for (const auto& stored : store.mirrors(filter)) {
        names.push_back(stored.mirror.name);
    }
    return names;
}

int show_catalog(Environment& environment, bool json) {
    const auto store = environment.open_store(storage::Opening::existing);
    nlohmann::ordered_json shown;
    auto& distributions = shown["distributions"] = nlohmann::ordered_json::array();
    std::string text;
    for (const auto& distribution : store->distributions()) {
        const auto names = mirror_names(*store, distribution.name);
        if (json) {
            distributions.push_back(json::distribution_json(distribution, names));
        } else {
            text += (text.empty() ? "" : "\n") +
                    distribution_text(distribution, names, environment.screen());
        }
    }
    print(json ? json::print_json(shown) : text);
    return exit_status::done;
}

int import_publications(Environment& environment, const std::string& file) {
    const auto text = read_file(file, publications_bytes_max);
    const auto store = environment.open_store();
    const auto distributions = store->distributions();
    const model::PublicationContext context{.known = distributions, .now = now()};
    const auto publications = model::parse_publications(text, [&](const auto& publication) {
        return model::publication_fault(publication, context);
    });
    if (publications.has_error()) {
        throw InputError(format_file_errors(file, publications.error()));
    }
    if (publications->empty()) {
        complain(fmt::format("{} has no publications", name_of(file)));
    }
    const auto imported = accepted_from(file, store->import_publications(*publications));
    print(fmt::format("{} added, {} updated, {} unchanged.\n", imported.added, imported.updated,
                      imported.unchanged));
    return exit_status::done;
}

void add_load(CommandTree& tree, CLI::App& group) {
    auto file = std::make_shared<std::string>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "load",
         .summary = "add or update distributions, series and mirrors from a file",
         .description = "Add the distributions, series and mirrors of a file, or update those that "
                        "are known, and say what changed.",
         .details =
             "All of the file or nothing: one wrong line, and everything that is wrong is "
             "listed with its line and nothing is changed; a file without any distribution or "
             "mirror "
             "is wrong, too. What the file does not mention "
             "stays. Whether a known mirror is enabled stays as it is; see mirror enable.\n\n"
             "A distribution needs a name. It may say title, primary_url, pockets, "
             "admins, freshness_rule and its series, and how its mirrors are judged: "
             "keyring, the whole path of the keys that sign its suites; sync_grace, for "
             "how long a mirror may be torn while it syncs (\"90m\", \"6h\", \"2d\"; 6h); "
             "disable_when, a list of no-content, bad-signature, foreign, not-an-archive, "
             "torn, expired and lag>7d (no-content alone); failures_before_disable and "
             "successes_before_enable, probes in a row (1); never_below, how many enabled "
             "mirrors of a country are left enabled whatever they lack (0); deep_every, "
             "every how many probes of a mirror one is deep (0: none); manifest, of CD "
             "images: a URL, or the whole path of a file.\n\n"
             "A file without one of these sets it back to what is usual.\n\n"
             "Of its series, [[distribution.series]], each needs a name and a version, and may say "
             "status (SUPPORTED), components, architectures, unofficial_architectures, which are "
             "asked for only where a mirror has them, and, of CD images, "
             "[[distribution.series.images]] with flavour and files.\n\n"
             "A mirror, [[mirror]], needs distribution, owner (\"Name <address>\", or a list of "
             "such), country (\"BR\") and one of http_url, https_url and ftp_url. It may say name "
             "(made of its host), rsync_url, speed (\"2M\"), content (ARCHIVE), "
             "official_candidate (false), status (PENDING_REVIEW), display_name, description, "
             "whiteboard, which only admins see, and enabled, for a mirror that is new.",
         .examples = {{"mirrorwarden catalog load mirrors.toml", ""},
                      {"generate-mirrors | mirrorwarden catalog load -", "from another program"}}},
        [file](Environment& environment) { return load_catalog(environment, *file); });
    add_option(command, "FILE", *file, "The catalogue, TOML; - is standard input")
        .required()
        .type_name("FILE");
}

void add_show(CommandTree& tree, CLI::App& group) {
    auto json = std::make_shared<bool>(false);
    CLI::App& command = tree.add_command(
        group,
        {.name = "show",
         .summary = "show distributions and their series",
         .description =
             "Show the distributions that are known, their series and the names of their "
             "mirrors.",
         .details = "",
         .examples = {{"mirrorwarden catalog show", ""},
                      {"mirrorwarden catalog show --json | jq '.distributions[].series[].name'",
                       ""}}},
        [json](Environment& environment) { return show_catalog(environment, *json); });
    add_flag(command, "--json", *json, "Print JSON: an object with an array \"distributions\"");
}

void add_import(CommandTree& tree, CLI::App& group) {
    auto file = std::make_shared<std::string>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "import",
         .summary = "add publications from a file",
         .description =
             "Add publications from a file: which package files appeared in the archive, "
             "and when. A mirror's freshness is judged by them.",
         .details =
             "One JSON object a line, with distribution, series, pocket, component, arch "
             "(null for a source), source, version, file, file_type, status and published, "
             "and path where the file lies elsewhere than below pool/ as usual. "
             "All of the file or nothing: everything that is wrong is listed with its line, as is "
             "what the catalogue does not know, and a time more than a day ahead. The same "
             "line twice is one publication.",
         .examples = {{"mirrorwarden publications import history.jsonl", ""},
                      {"zcat history.jsonl.gz | mirrorwarden publications import -", ""}}},
        [file](Environment& environment) { return import_publications(environment, *file); });
    add_option(command, "FILE", *file, "The publications, JSON lines; - is standard input")
        .required()
        .type_name("FILE");
}

}  // namespace

void add_catalog_commands(CommandTree& tree) {
    CLI::App& catalog = tree.add_group(
        tree.root(), {.name = "catalog",
                      .summary = "what is known of distributions, series and mirrors",
                      .description = "What is known of distributions, their series and mirrors.",
                      .details = "",
                      .examples = {}});
    add_load(tree, catalog);
    add_show(tree, catalog);
    CLI::App& publications =
        tree.add_group(tree.root(), {.name = "publications",
                                     .summary = "what was published in the archives, and when",
                                     .description = "What was published in the archives, and when.",
                                     .details = "",
                                     .examples = {}});
    add_import(tree, publications);
}

}  // namespace mirrorwarden
