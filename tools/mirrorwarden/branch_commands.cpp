#include "model/branch_name.hpp"
#include "model/text_rules.hpp"
#include "tools/json/branch_json.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/branch_table.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace mirrorwarden {
namespace {

using model::Branch;
using model::BranchType;

const std::vector<BranchType> all_types{BranchType::hosted, BranchType::mirrored,
                                        BranchType::imported, BranchType::remote};

struct AddFlags {
    std::string name;
    std::string url;
    BranchType type = BranchType::mirrored;
    bool is_requested = false;
};

int add_branch(Environment& environment, const AddFlags& flags) {
    if (const auto fault = model::branch_name_fault(flags.name); !fault.empty()) {
        throw InputError(fmt::format("{} {}", model::in_quotes(flags.name), fault));
    }
    if (const auto fault = model::branch_url_fault(flags.url); !fault.empty()) {
        throw InputError(fmt::format("the URL {}", fault));  // it may hold a password
    }
    Branch branch{.name = flags.name, .url = flags.url, .type = flags.type};
    if (flags.is_requested) {
        const auto asked = model::request_mirroring(branch, now());
        if (asked.has_error()) {
            throw InputError(asked.error().detail);
        }
        branch.mirroring = *asked;
    }
    const auto id = accepted(environment.open_store()->add_branch(branch));
    print(fmt::format("Branch {} is {}{}.\n", model::to_integer(id), flags.name,
                      flags.is_requested ? ", and waits for a worker" : ""));
    return exit_status::done;
}

struct ListFlags {
    std::optional<BranchType> type;
    bool due = false;
    bool failing = false;
    bool json = false;
};

bool is_listed(const Branch& branch, const ListFlags& flags, model::Timestamp when) {
    return (!flags.type || branch.type == *flags.type) &&
           (!flags.due || model::is_due(branch, all_types, when)) &&
           (!flags.failing || branch.mirroring.mirror_failures > 0);
}

int list_branches(Environment& environment, const ListFlags& flags) {
    const auto when = now();
    auto branches = environment.open_store(storage::Opening::existing)->branches();
    std::erase_if(branches, [&](const Branch& branch) { return !is_listed(branch, flags, when); });
    if (!flags.json) {
        print(branches_text(branches, when, environment.screen()));
        return exit_status::done;
    }
    auto json = nlohmann::ordered_json::array();
    for (const Branch& branch : branches) {
        json.push_back(json::branch_json(branch));
    }
    print(json::print_json(json));
    return exit_status::done;
}

/// By its number or by its name: no name is a number.
Branch known_branch(model::Store& store, const std::string& text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const bool is_number = read.ec == std::errc{} && read.ptr == end;
    if (auto found = is_number ? store.branch(model::BranchId{number}) : store.branch(text)) {
        return std::move(*found);
    }
    throw InputError(fmt::format("there is no branch {}; see mirrorwarden branch list",
                                 is_number ? text : model::in_quotes(text)));
}

struct ShowFlags {
    std::string branch;
    bool json = false;
};

int show_branch(Environment& environment, const ShowFlags& flags) {
    const auto branch =
        known_branch(*environment.open_store(storage::Opening::existing), flags.branch);
    print(flags.json ? json::print_json(json::branch_json(branch)) : branch_text(branch, now()));
    return exit_status::done;
}

void add_add(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<AddFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "add",
         .summary = "register a branch",
         .description = "Register a branch, so that workers can mirror it and report on that.",
         .details =
             "HOSTED is pushed to us, MIRRORED lives elsewhere and is pulled every 6 hours, "
             "IMPORTED is made by an importer, and REMOTE is only registered: nobody pulls it.\n\n"
             "Nobody pulls a new branch before somebody asks for it: with --request, or over "
             "HTTP. A worker that failed five times waits for that, too.",
         .examples =
             {{"mirrorwarden branch add --request tool/main "
               "https://git.example.org/tool.git",
               ""},
              {"mirrorwarden branch add --type IMPORTED gcc https://gcc.gnu.org/git/gcc.git", ""}}},
        [flags](Environment& environment) { return add_branch(environment, *flags); });
    add_option(command, "NAME", flags->name, "What to call it: letters, digits and +._~@:-/")
        .required()
        .type_name("NAME");
    add_option(command, "URL", flags->url, "Where it comes from; without a password")
        .required()
        .type_name("URL");
    add_word<BranchType>(command, "--type", flags->type, all_types,
                         "Where its text comes from. Default: MIRRORED");
    add_flag(command, "--request", flags->is_requested, "Ask for its mirroring at once");
}

void add_list(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ListFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "list",
         .summary = "list the branches",
         .description = "List the branches, what became of their mirroring, and when it is next.",
         .details = "MIRRORED is when the newest mirroring that was complete started: what was "
                    "pushed later may be missing.",
         .examples = {{"mirrorwarden branch list", ""},
                      {"mirrorwarden branch list --failing --json | jq -r "
                       "'.[] | [.name, .mirror_status_message] | @tsv'",
                       "what is wrong with which"}}},
        [flags](Environment& environment) { return list_branches(environment, *flags); });
    add_word<BranchType>(command, "--type", flags->type, all_types, "Only branches of that type");
    add_flag(command, "--due", flags->due, "Only those that a worker would get now");
    add_flag(command, "--failing", flags->failing,
             "Only those that failed since they last did not");
    add_flag(command, "--json", flags->json, "Print JSON: an array, an object a branch");
}

void add_show(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ShowFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "show",
         .summary = "show everything that is known of a branch",
         .description = "Show everything that is known of a branch: what workers reported, and "
                        "when it is next.",
         .details = "",
         .examples = {{"mirrorwarden branch show gcc/main", ""},
                      {"mirrorwarden branch show 7 --json", ""}}},
        [flags](Environment& environment) { return show_branch(environment, *flags); });
    add_option(command, "BRANCH", flags->branch, "Its name, or its number")
        .required()
        .type_name("BRANCH");
    add_flag(command, "--json", flags->json, "Print a JSON object");
}

}  // namespace

void add_branch_commands(CommandTree& tree) {
    CLI::App& branch =
        tree.add_group(tree.root(), {.name = "branch",
                                     .summary = "branches that workers mirror",
                                     .description = "Branches that workers mirror, and report on.",
                                     .details = "",
                                     .examples = {}});
    add_add(tree, branch);
    add_list(tree, branch);
    add_show(tree, branch);
}

}  // namespace mirrorwarden
