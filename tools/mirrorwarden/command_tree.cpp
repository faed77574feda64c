#include "tools/mirrorwarden/command_tree.hpp"

#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/command_words.hpp"
#include "tools/mirrorwarden/help_text.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/unknown_options.hpp"
#include "tools/mirrorwarden/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <utility>

namespace mirrorwarden {
namespace {

// Flags are spelled with hyphens; the catalogue's own spelling, with underscores,
// is understood too. "--ftp-url=" says an empty value, which CLI11 takes only as a
// word of its own.
std::vector<std::string> respell(const std::vector<std::string>& given) {
    std::vector<std::string> words;
    words.reserve(given.size() + 1);
    bool flags_ended = false;
    for (auto word : given) {
        flags_ended = flags_ended || word == "--";
        if (flags_ended || !word.starts_with("--")) {
            words.push_back(std::move(word));
            continue;
        }
        const auto name_size = std::min(word.find('='), word.size());
        std::replace(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(name_size), '_', '-');
        if (name_size + 1 == word.size()) {
            words.push_back(word.substr(0, name_size));
            words.emplace_back();
        } else {
            words.push_back(std::move(word));
        }
    }
    return words;
}

[[noreturn]] void refuse_command(const CLI::App& group, const std::string& word) {
    std::vector<std::string_view> names;
    const auto children = commands_of(group);
    names.reserve(children.size());
    for (const auto* child : children) {
        names.push_back(child->get_name());
    }
    if (word.empty()) {
        throw CLI::ParseError(
            fmt::format("say which command after {}: {}", full_name(group), fmt::join(names, ", ")),
            CLI::ExitCodes::RequiredError);
    }
    const auto nearest = model::nearest_word(word, names);
    throw CLI::ParseError(
        fmt::format("there is no command {} after {}; {}", model::in_quotes(word), full_name(group),
                    nearest.empty() ? fmt::format("there is {}", fmt::join(names, ", "))
                                    : fmt::format("did you mean \"{}\"?", nearest)),
        CLI::ExitCodes::ExtrasError);
}

// Throws if there are any.
void refuse_unknown_options(const CLI::App& command, const std::vector<std::string>& words) {
    if (const auto fault = unknown_options_fault(command, words); !fault.empty()) {
        throw CLI::ParseError(fault, CLI::ExitCodes::ExtrasError);
    }
}

// Says better than CLI11 what is wrong with the words that choose a command; returns the one that
// they choose, or where they ask for help.
const CLI::App& check_command_words(const CLI::App& root, const std::vector<std::string>& words) {
    const CLI::App* group = &root;
    for (std::size_t i = 0; i < words.size() && !group->get_subcommands({}).empty(); ++i) {
        const auto& word = words[i];
        if (word == "-h" || word == "--help" || word == "--version") {
            return *group;
        }
        if (word == "--database" || word == "--config") {
            ++i;  // its value
        } else if (!word.starts_with('-') || word == "--") {
            const auto children = group->get_subcommands({});
            const auto child = std::find_if(
                children.begin(), children.end(),
                [&](const CLI::App* candidate) { return candidate->get_name() == word; });
            if (child == children.end()) {
                refuse_unknown_options(*group, words);  // of which it may be the value
                refuse_command(*group, word);
            }
            group = *child;
        }
    }
    if (!group->get_subcommands({}).empty()) {
        refuse_unknown_options(*group, words);
        refuse_command(*group, "");
    }
    return *group;
}

// An option of the root that was given nothing would count as not given.
void refuse_empty(const CLI::App& root, const std::string& name) {
    const auto& given = root.get_option(name)->results();
    if (std::find(given.begin(), given.end(), "") != given.end()) {
        refuse_value(name,
                     "the value is empty, as that of a variable which is not set; say which, "
                     "or leave the option out");
    }
}

// CLI11's own formatter breaks no lines, and changes from version to version.
class HelpFormatter : public CLI::FormatterBase {
public:
    explicit HelpFormatter(const CommandTree& tree) : tree_(tree) {}

    std::string make_help(const CLI::App* command, std::string /*name*/,
                          CLI::AppFormatMode /*mode*/) const override {
        return help_text(tree_, *command);
    }

private:
    const CommandTree& tree_;
};

const CommandText root_text{
    .name = "mirrorwarden",
    .summary = "probe the mirrors of Linux distributions",
    .description =
        "Asks the mirrors of Linux distributions which indexes they carry, works out how far "
        "behind each one is and whether apt would work with it, keeps the log that proves it, "
        "switches off mirrors that have nothing and mails their owners.",
    .details =
        "Tell it what there is with archive add and mirror add, or with catalog load; run archive "
        "refresh every hour and probe every day; look at the outcome with mirror list and mirror "
        "show. check looks at one mirror without any of that.",
    .examples = {{"mirrorwarden catalog load mirrors.toml", ""},
                 {"mirrorwarden probe --report", ""},
                 {"mirrorwarden mirror list", ""}}};

}  // namespace

CommandTree::CommandTree()
    : root_(std::make_unique<CLI::App>(root_text.description, root_text.name)) {
    texts_[root_.get()] = root_text;
    root_->formatter(std::make_shared<HelpFormatter>(*this));
    root_->set_help_flag("-h,--help", "Say what the command does and which options it has");
    root_->set_version_flag("--version", "mirrorwarden " + std::string(version),
                            "Say which version this is");
    root_->require_subcommand(1);
    root_->fallthrough();  // --database and --config may stand after the command, too
    root_
        ->add_option(
            "--database", database_url_,
            "The database: sqlite:PATH, or postgresql://... (a libpq URI; give its password "
            "in PGPASSFILE, the environment or the configuration: other users see arguments). "
            "Default: the configuration's, else SQLite below $XDG_STATE_HOME/mirrorwarden")
        ->type_name("URL")
        ->envname("MIRRORWARDEN_DATABASE");
    root_
        ->add_option("--config", config_file_,
                     "The configuration, TOML. Default: $XDG_CONFIG_HOME/mirrorwarden/config.toml, "
                     "else /etc/mirrorwarden/config.toml, where they exist")
        ->type_name("FILE")
        ->envname("MIRRORWARDEN_CONFIG");
}

CommandTree::~CommandTree() = default;

CLI::App& CommandTree::add(CLI::App& parent, const CommandText& text) {
    CLI::App& command = *parent.add_subcommand(text.name, text.description);
    texts_[&command] = text;
    return command;
}

CLI::App& CommandTree::add_group(CLI::App& parent, const CommandText& text) {
    CLI::App& group = add(parent, text);
    group.require_subcommand(1);
    return group;
}

CLI::App& CommandTree::add_command(CLI::App& parent, const CommandText& text, Action action) {
    CLI::App& command = add(parent, text);
    command.callback([this, action = std::move(action)] { action_ = action; });
    return command;
}

CLI::App& CommandTree::add_offline_command(CLI::App& parent, const CommandText& text,
                                           std::function<int()> action) {
    CLI::App& command = add(parent, text);
    command.callback([this, action = std::move(action)] { offline_action_ = action; });
    return command;
}

const CommandText& CommandTree::text_of(const CLI::App& command) const {
    return texts_.at(&command);
}

void CommandTree::parse(const std::vector<std::string>& given) {
    const auto words = respell(given);
    const auto& command = check_command_words(*root_, words);
    try {
        // CLI11 takes them from the back
        root_->parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ExtrasError&) {
        refuse_unknown_options(command, words);
        throw CLI::ParseError(
            fmt::format("not expected: {}", fmt::join(root_->remaining(true), " ")),
            CLI::ExitCodes::ExtrasError);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) {  // 0: --help or --version
            refuse_unknown_options(command, words);
        }
        throw;
    }
    refuse_empty(*root_, "--database");
    refuse_empty(*root_, "--config");
}

std::string first_command(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--database" || words[i] == "--config") {
            ++i;  // its value
        } else if (!words[i].starts_with('-')) {
            return words[i];
        }
    }
    return {};
}

std::unique_ptr<CommandTree> make_command_tree() {
    auto tree = std::make_unique<CommandTree>();
    add_catalog_commands(*tree);
    add_archive_commands(*tree);
    add_mirror_commands(*tree);
    add_probe_commands(*tree);
    add_policy_commands(*tree);
    add_check_command(*tree);
    add_log_command(*tree);
    add_budget_command(*tree);
    add_path_commands(*tree);
    add_serve_command(*tree);
    add_token_commands(*tree);
    add_branch_commands(*tree);
    add_export_site_command(*tree);
    add_monitor_command(*tree);
    add_report_commands(*tree);
    add_pull_command(*tree);
    add_outbox_commands(*tree);
    add_database_commands(*tree);
    add_manual_commands(*tree);
    return tree;
}

}  // namespace mirrorwarden
