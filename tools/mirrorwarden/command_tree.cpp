#include "tools/mirrorwarden/command_tree.hpp"

#include "tools/mirrorwarden/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <utility>

namespace mirrorwarden {
namespace {

std::string footer(const CommandText& text) {
    std::string footer;
    if (!text.details.empty()) {
        footer += text.details + "\n";
    }
    if (!text.examples.empty()) {
        footer += footer.empty() ? "Examples:\n" : "\nExamples:\n";
    }
    for (const auto& example : text.examples) {
        footer += fmt::format("  {}\n", example.command);
        if (!example.purpose.empty()) {
            footer += fmt::format("      {}\n", example.purpose);
        }
    }
    return footer;
}

CLI::App& add_subcommand(CLI::App& parent, const CommandText& text) {
    CLI::App& command = *parent.add_subcommand(text.name, text.description);
    command.footer(footer(text));
    return command;
}

// Flags are spelled with hyphens; the catalogue's own spelling, with underscores,
// is understood too.
void respell_flag(std::string& word) {
    if (!word.starts_with("--")) {
        return;
    }
    const auto end =
        word.begin() + static_cast<std::ptrdiff_t>(std::min(word.find('='), word.size()));
    std::replace(word.begin(), end, '_', '-');
}

}  // namespace

CommandTree::CommandTree()
    : root_(
          "Probes the mirrors of Linux distributions: which indexes each one carries, how fresh "
          "they are, and which mirror should be switched off.",
          "mirrorwarden") {
    root_.set_version_flag("--version", "mirrorwarden " + std::string(version));
    root_.require_subcommand(1);
    root_.fallthrough();  // --database and --config may stand after the command, too
    root_.get_formatter()->column_width(36);
    root_
        .add_option(
            "--database", database_url_,
            "The database: sqlite:PATH, or postgresql://... (a libpq URI; give its password "
            "in PGPASSFILE, the environment or the configuration: other users see arguments). "
            "Default: the configuration's, else SQLite below $XDG_STATE_HOME/mirrorwarden")
        ->type_name("URL")
        ->envname("MIRRORWARDEN_DATABASE");
    root_
        .add_option("--config", config_file_,
                    "The configuration, TOML. Default: $XDG_CONFIG_HOME/mirrorwarden/config.toml, "
                    "else /etc/mirrorwarden/config.toml, where they exist")
        ->type_name("FILE")
        ->envname("MIRRORWARDEN_CONFIG");
}

CLI::App& CommandTree::add_group(CLI::App& parent, const CommandText& text) {
    CLI::App& group = add_subcommand(parent, text);
    group.require_subcommand(1);
    return group;
}

CLI::App& CommandTree::add_command(CLI::App& parent, const CommandText& text, Action action) {
    CLI::App& command = add_subcommand(parent, text);
    command.callback([this, action = std::move(action)] { action_ = action; });
    return command;
}

CLI::App& CommandTree::add_offline_command(CLI::App& parent, const CommandText& text,
                                           std::function<int()> action) {
    CLI::App& command = add_subcommand(parent, text);
    command.callback([this, action = std::move(action)] { offline_action_ = action; });
    return command;
}

void CommandTree::parse(std::vector<std::string> words) {
    const auto end = std::find(words.begin(), words.end(), "--");
    std::for_each(words.begin(), end, respell_flag);
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    root_.parse(std::move(words));
}

std::unique_ptr<CommandTree> make_command_tree() {
    auto tree = std::make_unique<CommandTree>();
    add_catalog_commands(*tree);
    add_mirror_commands(*tree);
    add_probe_commands(*tree);
    add_log_command(*tree);
    add_path_commands(*tree);
    add_outbox_commands(*tree);
    add_database_commands(*tree);
    return tree;
}

}  // namespace mirrorwarden
