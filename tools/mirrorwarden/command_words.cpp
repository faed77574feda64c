#include "tools/mirrorwarden/command_words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>

namespace mirrorwarden {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
    // A filter, since without one CLI11 gives only those that were parsed.
    return command.get_subcommands(
        [](const CLI::App* child) { return !child->get_group().empty(); });
}

std::vector<const CLI::Option*> flags_of(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<std::string> spellings(const CLI::Option& option) {
    std::vector<std::string> all;
    for (const auto& name : option.get_snames()) {
        all.push_back("-" + name);
    }
    for (const auto& name : option.get_lnames()) {
        all.push_back("--" + name);
    }
    return all;
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

std::vector<std::string> value_words(const CLI::Option& option) {
    auto words = split(option.get_type_name(), '|');
    return words.size() > 1 ? words : std::vector<std::string>();
}

std::string argument_name(const CLI::Option& argument) {
    const auto& text = argument.get_option_text();
    return text.empty() ? argument.get_name(true) : text;
}

std::string full_name(const CLI::App& command) {
    const auto* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::string synopsis(const CLI::App& command) {
    std::string text = full_name(command);
    for (const auto* flag : flags_of(command)) {
        if (flag->get_required()) {
            text += " " + spellings(*flag).back() + " " + value_name(*flag);
        }
    }
    text += " [OPTION]...";
    for (const auto* argument : arguments_of(command)) {
        const bool may_be_many = argument->get_items_expected_max() > 1;
        const auto name = argument_name(*argument) + (may_be_many ? "..." : "");
        text += argument->get_required() ? " " + name : " [" + name + "]";
    }
    return commands_of(command).empty() ? text : text + " COMMAND";
}

std::string value_name(const CLI::Option& option) {
    return option.get_type_name();
}

}  // namespace mirrorwarden
