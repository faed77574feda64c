#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mirrorwarden {

class Environment;

struct Example {
    std::string command;  // "mirrorwarden mirror list --json"
    std::string purpose;  // may be empty
};

/// What an exit status of a command means.
struct Status {
    int status;
    std::string meaning;  // a sentence
};

/// What people read of a command, in `--help` and in its manual page.
struct CommandText {
    std::string name;
    std::string summary;      // a few words, as beside its name in a list
    std::string description;  // a sentence or two for somebody who has never heard of us
    std::string details;      // paragraphs, apart by an empty line; may be empty
    std::vector<Example> examples;
    std::vector<Status> statuses = {};  // empty: those that all commands have
};

/// Every command of the program: one tree, from which `--help`, the manual pages
/// and the shell completion are made. Which command was asked for comes out of
/// `parse`; it runs after everything was read and found well.
class CommandTree {
public:
    using Action = std::function<int(Environment&)>;

    CommandTree();
    ~CommandTree();
    CommandTree(const CommandTree&) = delete;  // its commands know where it is
    CommandTree& operator=(const CommandTree&) = delete;

    CLI::App& root() noexcept { return *root_; }

    const CLI::App& root() const noexcept { return *root_; }

    /// A command below `parent` that only holds others.
    CLI::App& add_group(CLI::App& parent, const CommandText&);

    /// A command that does something. `action` returns an exit status.
    CLI::App& add_command(CLI::App& parent, const CommandText&, Action action);

    /// A command of its own kind: runs without a configuration or a database.
    CLI::App& add_offline_command(CLI::App& parent, const CommandText&,
                                  std::function<int()> action);

    /// What was said of a command when it was added; of the root, too.
    const CommandText& text_of(const CLI::App&) const;

    /// Reads the words after the program's name. Throws `CLI::ParseError`, which
    /// is also how `--help` and `--version` end it.
    void parse(const std::vector<std::string>& given);

    const std::string& config_file() const noexcept { return config_file_; }

    const std::string& database_url() const noexcept { return database_url_; }

    /// After `parse`: exactly one of the two is set.
    const Action& action() const noexcept { return action_; }

    const std::function<int()>& offline_action() const noexcept { return offline_action_; }

private:
    CLI::App& add(CLI::App& parent, const CommandText&);

    std::unique_ptr<CLI::App> root_;
    std::map<const CLI::App*, CommandText> texts_;
    std::string config_file_;
    std::string database_url_;
    Action action_;
    std::function<int()> offline_action_;
};

/// The word that chooses a command of the root; empty: none does. For who must know it of words
/// that are wrong.
std::string first_command(const std::vector<std::string>& words);

/// The whole tree.
std::unique_ptr<CommandTree> make_command_tree();

// One function per subject; each adds its commands.
void add_catalog_commands(CommandTree&);
void add_archive_commands(CommandTree&);
void add_mirror_commands(CommandTree&);
void add_mirror_edit_commands(CommandTree&, CLI::App& group);
void add_mirror_switch_commands(CommandTree&, CLI::App& group);
void add_path_commands(CommandTree&);
void add_probe_commands(CommandTree&);
void add_policy_commands(CommandTree&);
void add_check_command(CommandTree&);
void add_log_command(CommandTree&);
void add_monitor_command(CommandTree&);
void add_budget_command(CommandTree&);
void add_serve_command(CommandTree&);
void add_token_commands(CommandTree&);
void add_branch_commands(CommandTree&);
void add_export_site_command(CommandTree&);
void add_report_commands(CommandTree&);
void add_pull_command(CommandTree&);
void add_outbox_commands(CommandTree&);
void add_database_commands(CommandTree&);
void add_manual_commands(CommandTree&);

}  // namespace mirrorwarden
