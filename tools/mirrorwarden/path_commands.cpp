#include "model/archive_index.hpp"
#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/look_plans.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace mirrorwarden {
namespace {

struct PathsFlags {
    std::string name;
    std::string kind;
    std::optional<std::string> series;
    bool all_series = false;
    bool json = false;
};

struct FreshnessFlags {
    std::string name;
    model::Bucket bucket;
    bool source = false;
    std::optional<model::Timestamp> when;
    bool json = false;
};

std::vector<std::string> index_paths(model::Store& store, const model::StoredMirror& mirror,
                                     const model::Distribution& distribution,
                                     const PathsFlags& flags) {
    std::vector<model::Bucket> carried;
    for (const auto& row : store.rows(mirror.state.id)) {
        carried.push_back(row.bucket);
    }
    const auto expectation =
        flags.all_series ? model::Expectation::everything : model::Expectation::usual;
    const auto newest = newest_snapshots(store, distribution);
    std::vector<std::string> paths;
    for (const auto& bucket : model::expected_buckets(distribution, carried, expectation)) {
        const bool is_wanted_kind =
            flags.kind.empty() || bucket.is_source() == (flags.kind == "sources");
        if (is_wanted_kind && (!flags.series || bucket.series == *flags.series)) {
            paths.push_back(model::published_index_path(bucket, newest));
        }
    }
    return paths;
}

std::vector<std::string> image_paths(const model::Distribution& distribution,
                                     const PathsFlags& flags) {
    std::vector<std::string> paths;
    for (const auto& series : distribution.series) {
        const bool is_wanted =
            flags.series ? series.name == *flags.series
                         : flags.all_series || series.status != model::SeriesStatus::obsolete;
        for (const auto& set : series.images) {
            if (is_wanted) {
                paths.insert(paths.end(), set.files.begin(), set.files.end());
            }
        }
    }
    return paths;
}

int show_paths(Environment& environment, const PathsFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    const auto mirror = known_mirror(*store, flags.name);
    const auto distribution = distribution_of(*store, mirror.mirror);
    if (flags.series) {
        known_series(distribution, *flags.series);
    }
    const bool has_images = mirror.mirror.content == model::Content::release;
    if (has_images && !flags.kind.empty()) {
        throw InputError(fmt::format(
            "--kind: {} carries CD images (RELEASE) and no {}; leave --kind out for their paths",
            flags.name, flags.kind));
    }
    const auto paths = has_images ? image_paths(distribution, flags)
                                  : index_paths(*store, mirror, distribution, flags);
    if (flags.json) {
        print(json::print_json(nlohmann::ordered_json(paths)));
        return exit_status::done;
    }
    for (const auto& path : paths) {
        print(path + "\n");
    }
    return exit_status::done;
}

/// What lies after `when` hides what came before: a year that was mistyped does so for long.
std::string way_out(const model::Bucket& bucket,
                    const std::vector<model::Publication>& publications, model::Timestamp when) {
    std::optional<model::Timestamp> newest;
    for (const auto& publication : publications) {
        if (publication.bucket == bucket) {
            newest = std::max(newest, publication.published);
        }
    }
    if (newest > when) {
        return fmt::format("the newest is of {}, which lies after that",
                           model::format_timestamp(*newest));
    }
    return "import publications, or refresh the archive";
}

int show_freshness_urls(Environment& environment, const FreshnessFlags& flags) {
    auto bucket = flags.bucket;
    if (flags.source == !bucket.architecture.empty()) {
        throw InputError("say one of --arch A, for an architecture's packages, and --source");
    }
    if (flags.source) {
        bucket.architecture = model::source_architecture;
    }
    const auto store = environment.open_store(storage::Opening::existing);
    const auto mirror = known_mirror(*store, flags.name).mirror;
    const auto distribution = distribution_of(*store, mirror);
    check_bucket(distribution, bucket);
    const auto base = model::probe_url(mirror);
    if (base.empty()) {
        throw InputError(fmt::format("the mirror {} has no http, https or ftp URL", mirror.name));
    }
    const auto when = flags.when.value_or(now());
    const auto publications =
        store->publications_since(distribution.name, when - model::freshness_horizon);
    auto json = nlohmann::ordered_json::object();
    std::string lines;
    for (const auto& check :
         model::freshness_checks(distribution.freshness_rule, bucket, publications, when)) {
        const auto url = model::join_url(base, check.path);
        json[std::string(to_string(check.freshness))] = url;
        lines += fmt::format("{:<22}  {}\n", title(check.freshness), url);
    }
    print(flags.json ? json::print_json(json) : lines);
    if (lines.empty() && !flags.json) {
        complain(fmt::format(
            "no publication in this index is known that a mirror could be judged by at {}, "
            "so a probe calls its freshness UNKNOWN: {}",
            model::format_timestamp(when), way_out(bucket, publications, when)));
    }
    return exit_status::done;
}

void add_paths(CommandTree& tree) {
    auto flags = std::make_shared<PathsFlags>();
    CLI::App& command = tree.add_command(
        tree.root(),
        {.name = "paths",
         .summary = "list the files that a mirror should have",
         .description = "List the files that a mirror should have, which a probe asks for.",
         .details =
             "Newest series first. An index is asked for as .gz, or as the archive is known to "
             "publish it where it has no .gz. A series that is OBSOLETE and an architecture that "
             "is not "
             "official are asked for only where the last probe found them.",
         .examples = {{"mirrorwarden paths valid-mirror --kind packages --series hoary", ""},
                      {"mirrorwarden paths valid-mirror --json", ""}}},
        [flags](Environment& environment) { return show_paths(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_option_function(
        command, "--kind",
        [flags](const std::string& kind) {
            if (kind != "packages" && kind != "sources") {
                refuse_value("--kind",
                             fmt::format("{} is none of packages|sources", model::in_quotes(kind)));
            }
            flags->kind = kind;
        },
        "Only indexes of packages, or of sources")
        .type_name("packages|sources");
    add_option(command, "--series", flags->series, "Only this series").type_name("NAME");
    add_flag(command, "--all-series", flags->all_series,
             "Also OBSOLETE series and unofficial architectures that it does not have");
    add_flag(command, "--json", flags->json, "Print JSON: an array of strings");
}

void add_freshness_urls(CommandTree& tree) {
    auto flags = std::make_shared<FreshnessFlags>();
    CLI::App& command = tree.add_command(
        tree.root(),
        {.name = "freshness-urls",
         .summary = "show by which files an index is judged",
         .description = "Show by which files a probe judges how fresh one index of a mirror is.",
         .details = "The first of these files that the mirror has says how far behind it is.",
         .examples = {{"mirrorwarden freshness-urls valid-mirror --series warty --pocket RELEASE "
                       "--component main --arch i386",
                       ""},
                      {"mirrorwarden freshness-urls valid-mirror --series warty --pocket RELEASE "
                       "--component main --source --when 2005-09-17T00:00:00Z --json",
                       ""}}},
        [flags](Environment& environment) { return show_freshness_urls(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror").required().type_name("MIRROR");
    add_option(command, "--series", flags->bucket.series, "The series")
        .required()
        .type_name("NAME");
    add_word<model::Pocket>(command, "--pocket", flags->bucket.pocket,
                            {model::all_pockets.begin(), model::all_pockets.end()}, "The pocket")
        .required();
    add_option(command, "--component", flags->bucket.component, "The component")
        .required()
        .type_name("NAME");
    add_option(command, "--arch", flags->bucket.architecture,
               "The architecture: index of its packages")
        .type_name("NAME");
    add_flag(command, "--source", flags->source, "The index of sources");
    add_time(command, "--when", flags->when,
             "Judged at this time, RFC 3339, UTC unless it says otherwise. Default: now");
    add_flag(command, "--json", flags->json,
             "Print JSON: an object from freshness to URL, in the order of freshness");
}

}  // namespace

void add_path_commands(CommandTree& tree) {
    add_paths(tree);
    add_freshness_urls(tree);
}

}  // namespace mirrorwarden
