#include "tools/mirrorwarden/unknown_options.hpp"

#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/command_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <CLI/App.hpp>
#include <cstddef>
#include <string_view>

namespace mirrorwarden {
namespace {

/// What is known to `command`: flags are looked for in those above it, too.
const CLI::Option* find_option(const CLI::App& command, const std::string& name) {
    for (const auto* place = &command; place != nullptr; place = place->get_parent()) {
        if (const auto* found = place->get_option_no_throw(name)) {
            return found;
        }
    }
    return nullptr;
}

/// "-5" is a value, and "-" a name of standard input.
bool is_option(std::string_view word) noexcept {
    return word.size() > 1 && word.front() == '-' && (word[1] < '0' || word[1] > '9') &&
           word[1] != '.';
}

std::vector<std::string> unknown_options(const CLI::App& command,
                                         const std::vector<std::string>& words) {
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const auto name = words[i].substr(0, words[i].find('='));
        if (!is_option(name)) {
            continue;
        }
        const auto* option = find_option(command, name);
        if (option == nullptr) {
            unknown.push_back(name);
        } else if (name.size() == words[i].size()) {
            i += static_cast<std::size_t>(option->get_items_expected_min());  // its values
        }
    }
    return unknown;
}

/// The option that `name` is a slip of, or the only one that begins so; empty if there is none.
std::string meant_option(const CLI::App& command, const std::string& name) {
    std::vector<std::string> known;
    for (const auto* place = &command; place != nullptr; place = place->get_parent()) {
        for (const auto* flag : flags_of(*place)) {
            known.insert(known.end(), flag->get_lnames().begin(), flag->get_lnames().end());
        }
    }
    const auto text = std::string_view(name).substr(name.find_first_not_of('-'));
    const auto nearest =
        model::nearest_word(text, std::vector<std::string_view>(known.begin(), known.end()));
    if (!nearest.empty()) {
        return fmt::format("--{}", nearest);
    }
    const auto begins = [text](const std::string& word) { return word.starts_with(text); };
    return std::ranges::count_if(known, begins) == 1 ? "--" + *std::ranges::find_if(known, begins)
                                                     : std::string();
}

/// For people: a terminal may obey what was typed.
std::string shown(const std::string& name) {
    return model::is_plain_text(name, model::Lines::one) ? name : model::in_quotes(name);
}

}  // namespace

std::string unknown_options_fault(const CLI::App& command, const std::vector<std::string>& words) {
    const auto unknown = unknown_options(command, words);
    if (unknown.empty()) {
        return {};
    }
    if (unknown.size() == 1) {
        const auto meant = meant_option(command, unknown.front());
        return fmt::format("there is no option {}{}", shown(unknown.front()),
                           meant.empty() ? "" : "; did you mean " + meant + "?");
    }
    std::vector<std::string> all;
    all.reserve(unknown.size());
    for (const auto& name : unknown) {
        const auto meant = meant_option(command, name);
        all.push_back(shown(name) + (meant.empty() ? "" : " (did you mean " + meant + "?)"));
    }
    return fmt::format("there are no options {} and {}",
                       fmt::join(all.begin(), all.end() - 1, ", "), all.back());
}

}  // namespace mirrorwarden
