#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/completion.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/manual.hpp"
#include "tools/mirrorwarden/option.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

namespace mirrorwarden {
namespace {

int write_manual(const CommandTree& tree, const std::string& folder) {
    std::filesystem::create_directories(folder);
    for (const auto& page : manual_pages(tree)) {
        const auto file = std::filesystem::path(folder) / (page.name + ".1");
        std::ofstream out(file, std::ios::binary);
        out << page.roff;
        out.close();
        if (!out) {
            throw std::system_error(errno, std::generic_category(),
                                    fmt::format("cannot write {}", file.string()));
        }
    }
    return exit_status::done;
}

}  // namespace

void add_manual_commands(CommandTree& tree) {
    auto folder = std::make_shared<std::string>();
    CLI::App& manual = tree.add_offline_command(
        tree.root(),
        {.name = "manual",
         .summary = "write the manual pages",
         .description = "Write a manual page for every command into a folder.",
         .details = "",
         .examples = {}},
        [&tree, folder] { return write_manual(tree, *folder); });
    hide(manual);  // for those who build packages
    add_option(manual, "FOLDER", *folder, "Where to; made if it is not there")
        .required()
        .type_name("FOLDER");

    CLI::App& completion = tree.add_group(
        tree.root(), {.name = "completion",
                      .summary = "print a script that completes commands in a shell",
                      .description = "Print a script that lets a shell complete commands, options, "
                                     "and the names of mirrors.",
                      .details = "",
                      .examples = {}});
    tree.add_offline_command(
        completion,
        {.name = "bash",
         .summary = "the script for bash",
         .description = "Print the script for bash.",
         .details = "",
         .examples = {{"source <(mirrorwarden completion bash)", "for this shell"},
                      {"mirrorwarden completion bash "
                       ">~/.local/share/bash-completion/completions/mirrorwarden",
                       "for every shell of yours"}}},
        [&tree] {
            print(bash_completion(tree.root()));
            return exit_status::done;
        });
}

}  // namespace mirrorwarden
