#include "tools/mirrorwarden/help_text.hpp"

#include "tools/mirrorwarden/command_words.hpp"
#include "tools/mirrorwarden/display_width.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>

namespace mirrorwarden {
namespace {

constexpr int help_width = 80;
constexpr int left_width_max = 30;

// A term and what it means, beside it or, where the term is long, below.
std::string entry(const std::string& term, const std::string& meaning, int left_width) {
    std::string right = wrap(meaning, help_width, left_width);
    if (display_width(term) + 4 > left_width) {
        return fmt::format("  {}\n{}", term, right);
    }
    return fmt::format("  {:<{}}{}", term, left_width - 2,
                       right.substr(std::min(right.size(), static_cast<std::size_t>(left_width))));
}

struct Entry {
    std::string term;
    std::string meaning;
};

std::string section(const std::string& title, const std::vector<Entry>& entries) {
    if (entries.empty()) {
        return {};
    }
    int left_width = 0;
    for (const auto& [term, meaning] : entries) {
        const int width = display_width(term) + 4;
        if (width <= left_width_max) {
            left_width = std::max(left_width, width);
        }
    }
    std::string text = "\n" + title + ":\n";
    for (const auto& [term, meaning] : entries) {
        text += entry(term, meaning, left_width == 0 ? left_width_max : left_width);
    }
    return text;
}

std::string term_of(const CLI::Option& option) {
    const auto term = fmt::format("{}", fmt::join(spellings(option), ", "));
    return takes_value(option) ? term + " " + value_name(option) : term;
}

std::string meaning_of(const CLI::Option& option) {
    auto meaning = option.get_description();
    if (!option.get_envname().empty()) {
        meaning += fmt::format(". Environment: {}", option.get_envname());
    }
    if (option.get_required()) {
        meaning += ". Required";
    }
    return meaning;
}

std::string examples_text(const CommandText& text) {
    std::string examples = text.examples.empty() ? "" : "\nExamples:\n";
    for (const auto& example : text.examples) {
        examples += example.purpose.empty()
                        ? fmt::format("  {}\n", example.command)
                        : fmt::format("  # {}\n  {}\n", example.purpose, example.command);
    }
    return examples;
}

}  // namespace

std::string help_text(const CommandTree& tree, const CLI::App& command) {
    const auto& text = tree.text_of(command);
    std::string help =
        fmt::format("Usage: {}\n\n{}", synopsis(command), wrap(text.description, help_width, 0));
    if (!text.details.empty()) {
        help += "\n" + wrap(text.details, help_width, 0);
    }
    std::vector<Entry> commands;
    for (const auto* child : commands_of(command)) {
        commands.push_back({child->get_name(), tree.text_of(*child).summary});
    }
    std::vector<Entry> arguments;
    for (const auto* argument : arguments_of(command)) {
        arguments.push_back({argument_name(*argument), argument->get_description()});
    }
    std::vector<Entry> flags;
    for (const auto* flag : flags_of(command)) {
        flags.push_back({term_of(*flag), meaning_of(*flag)});
    }
    help +=
        section("Commands", commands) + section("Arguments", arguments) + section("Options", flags);
    if (command.get_parent() != nullptr) {
        help +=
            "\n--database URL and --config FILE serve every command; see mirrorwarden --help.\n";
    }
    return help + examples_text(text);
}

std::string wrap(std::string_view text, int width, int indent) {
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    std::string out;
    std::string line;
    const auto end_line = [&] {
        if (!line.empty()) {
            out += margin + line + "\n";
            line.clear();
        }
    };
    while (!text.empty()) {
        const auto size = std::min(text.find_first_of(" \n"), text.size());
        const auto word = text.substr(0, size);
        if (!line.empty() && indent + display_width(line) + 1 + display_width(word) > width) {
            end_line();
        }
        if (!word.empty()) {
            line += (line.empty() ? "" : " ") + std::string(word);
        }
        const bool is_break = text.substr(size).starts_with("\n\n");
        text.remove_prefix(std::min(text.size(), size + (is_break ? 2 : 1)));
        if (is_break) {
            end_line();
            out += "\n";
        }
    }
    end_line();
    return out;
}

}  // namespace mirrorwarden
