#include "model/text_rules.hpp"
#include "storage/grants.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace mirrorwarden {
namespace {

int check_database(Environment& environment, storage::Opening opening) {
    print(environment.open_store(opening)->check() + "\n");
    return exit_status::done;
}

void check_identifier(const char* flag, const std::string& name) {
    // Source: PostgreSQL 15, section 4.1.1: longer names are cut, and then another one's.
    constexpr std::size_t bytes_max = 63;
    if (name.empty() || name.size() > bytes_max || !model::is_plain_text(name, model::Lines::one)) {
        throw InputError(
            fmt::format("{}: {} is no name that PostgreSQL takes: 1 to {} bytes of "
                        "plain text",
                        flag, model::in_quotes(name), bytes_max));
    }
}

int print_grants(const storage::GrantNames& names) {
    check_identifier("--role", names.role);
    check_identifier("--schema", names.schema);
    print(storage::service_grants(names));
    return exit_status::done;
}

void add_grants(CommandTree& tree, CLI::App& group) {
    auto names = std::make_shared<storage::GrantNames>(
        storage::GrantNames{.role = "mirrorwarden_service", .schema = "public"});
    CLI::App& command = tree.add_offline_command(
        group,
        {.name = "grants",
         .summary = "print SQL for a role that the service runs as",
         .description = "Print the SQL that gives a role of PostgreSQL what mirrorwarden serve "
                        "needs, and nothing else.",
         .details =
             "The role may read all tables; what it may write is listed, with columns: what "
             "admins and owners change over HTTP, and what workers report. Make the role first, "
             "and let the owner of the tables run the SQL: after each database migrate again. "
             "Who probes, loads a catalogue or mails runs as the owner of the tables. Workers and "
             "owners of mirrors need no role at all.",
         .examples = {{"mirrorwarden database grants --role status > grants.sql", ""}}},
        [names] { return print_grants(*names); });
    add_option(command, "--role", names->role, "The role. Default: mirrorwarden_service")
        .type_name("NAME");
    add_option(command, "--schema", names->schema, "Where the tables are. Default: public")
        .type_name("NAME");
}

}  // namespace

void add_database_commands(CommandTree& tree) {
    CLI::App& database =
        tree.add_group(tree.root(), {.name = "database",
                                     .summary = "make, migrate and check the database",
                                     .description = "The database itself.",
                                     .details = "",
                                     .examples = {}});
    tree.add_command(
        database,
        {.name = "migrate",
         .summary = "make or update the tables",
         .description = "Make an empty database's tables, or bring those of an earlier version up "
                        "to date.",
         .details = "A database of a version that this program does not know is refused and not "
                    "touched. Make a backup first.",
         .examples = {{"mirrorwarden database migrate", ""}}},
        [](Environment& environment) {
            return check_database(environment, storage::Opening::migrate);
        });
    tree.add_command(
        database,
        {.name = "check",
         .summary = "say whether the database is sound",
         .description = "Say which database is used, its version, and whether it is sound.",
         .details = "One that is not there, or is empty, is none: as all commands that only look, "
                    "this one fails then, and makes none.",
         .examples = {{"mirrorwarden --database sqlite:/var/lib/mirrorwarden/db database check",
                       ""}}},
        [](Environment& environment) {
            return check_database(environment, storage::Opening::existing);
        });
    add_grants(tree, database);
}

}  // namespace mirrorwarden
