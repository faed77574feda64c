#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"

namespace mirrorwarden {
namespace {

int check_database(Environment& environment, storage::Opening opening) {
    print(environment.open_store(opening)->check() + "\n");
    return exit_status::done;
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
         .details = "",
         .examples = {{"mirrorwarden --database sqlite:/var/lib/mirrorwarden/db database check",
                       ""}}},
        [](Environment& environment) {
            return check_database(environment, storage::Opening::ready);
        });
}

}  // namespace mirrorwarden
