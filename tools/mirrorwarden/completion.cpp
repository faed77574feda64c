#include "tools/mirrorwarden/completion.hpp"

#include "tools/mirrorwarden/command_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/App.hpp>
#include <vector>

namespace mirrorwarden {
namespace {

// Calls `visit` for the command and all below it.
template <class Visit>
void for_each_command(const CLI::App& command, const Visit& visit) {
    visit(command);
    for (const auto* child : commands_of(command)) {
        for_each_command(*child, visit);
    }
}

std::string completer(const CLI::Option& option) {
    if (const auto words = value_words(option); !words.empty()) {
        return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", fmt::join(words, " "));
    }
    if (value_name(option) == "FILE" || value_name(option) == "FOLDER") {
        return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
    }
    if (value_name(option) == "MIRROR") {
        return "COMPREPLY=($(compgen -W \"$(_mirrorwarden_mirrors)\" -- \"$cur\"))";
    }
    if (value_name(option) == "BRANCH") {
        return "COMPREPLY=($(compgen -W \"$(_mirrorwarden_branches)\" -- \"$cur\"))";
    }
    return "COMPREPLY=()";
}

// The cases of a command line's path that are commands: "mirrorwarden mirror list".
std::string path_cases(const CLI::App& root) {
    std::vector<std::string> paths;
    for_each_command(root, [&](const CLI::App& command) {
        if (command.get_parent() != nullptr) {
            paths.push_back(fmt::format("'{}'", full_name(command)));
        }
    });
    return fmt::format("{}", fmt::join(paths, " | "));
}

// Options of the root serve every command, so a path's beginning is left open for them.
std::string value_cases(const CLI::App& root) {
    std::string cases;
    for_each_command(root, [&](const CLI::App& command) {
        for (const auto* flag : flags_of(command)) {
            if (!takes_value(*flag)) {
                continue;
            }
            for (const auto& spelling : spellings(*flag)) {
                cases += command.get_parent() == nullptr
                             ? fmt::format("        *' {}') ", spelling)
                             : fmt::format("        '{} {}') ", full_name(command), spelling);
                cases += completer(*flag) + "; return ;;\n";
            }
        }
    });
    return cases;
}

std::string word_cases(const CLI::App& root) {
    std::string cases;
    for_each_command(root, [&](const CLI::App& command) {
        std::vector<std::string> flags;
        for (const auto* flag : flags_of(command)) {
            for (auto& spelling : spellings(*flag)) {
                flags.push_back(std::move(spelling));
            }
        }
        std::vector<std::string> children;
        for (const auto* child : commands_of(command)) {
            children.push_back(child->get_name());
        }
        const auto arguments = arguments_of(command);
        cases += fmt::format("        '{}')\n            flags='{}'\n", full_name(command),
                             fmt::join(flags, " "));
        cases += fmt::format("            COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n",
                             fmt::join(children, " "));
        if (!arguments.empty()) {
            cases += fmt::format("            {}\n", completer(*arguments.front()));
        }
        cases += "            ;;\n";
    });
    return cases;
}

constexpr std::string_view script =
    R"bash(# Completion of mirrorwarden for bash; written by mirrorwarden completion bash.

_mirrorwarden_mirrors() {{
    mirrorwarden mirror list 2>/dev/null | sed -n '2,$s/ .*//p'
}}

_mirrorwarden_branches() {{
    mirrorwarden branch list 2>/dev/null | sed -n '2,$s/^ *[0-9]*  *\([^ ]*\) .*/\1/p'
}}

_mirrorwarden() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}}
    local path=mirrorwarden flags='' i
    # bash breaks words at =, so that "--content=A" is three of them.
    if [[ $cur == = ]]; then
        cur=''
    elif [[ $prev == = ]]; then
        prev=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$path ${{COMP_WORDS[i]}}" in
        {paths}) path+=" ${{COMP_WORDS[i]}}" ;;
        esac
    done
    case "$path $prev" in
{values}    esac
    case "$path" in
{words}    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags {global}" -- "$cur"))
    fi
}}

complete -F _mirrorwarden mirrorwarden
)bash";

}  // namespace

std::string bash_completion(const CLI::App& root) {
    std::vector<std::string> global;
    for (const auto* flag : flags_of(root)) {
        if (takes_value(*flag)) {
            global.push_back(spellings(*flag).back());
        }
    }
    return fmt::format(script, fmt::arg("paths", path_cases(root)),
                       fmt::arg("values", value_cases(root)), fmt::arg("words", word_cases(root)),
                       fmt::arg("global", fmt::format("{}", fmt::join(global, " "))));
}

}  // namespace mirrorwarden
