#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

/// What the tree of commands says of itself, for whatever is written from it.
namespace mirrorwarden {

/// The commands below, in their order, but for hidden ones.
std::vector<const CLI::App*> commands_of(const CLI::App&);

/// The options that stand with a hyphen, in their order.
std::vector<const CLI::Option*> flags_of(const CLI::App&);

/// The arguments that stand without, in their order.
std::vector<const CLI::Option*> arguments_of(const CLI::App&);

/// Every spelling: {"-h", "--help"}.
std::vector<std::string> spellings(const CLI::Option&);

/// True where the option is followed by a value.
bool takes_value(const CLI::Option&);

/// The words that an option's value is one of, "A|B" in its type; else none.
std::vector<std::string> value_words(const CLI::Option&);

/// What stands for an option's value: "SECONDS", "ARCHIVE|RELEASE".
std::string value_name(const CLI::Option&);

/// What stands for an argument where it is explained: its name, or the text that it has instead.
std::string argument_name(const CLI::Option&);

/// "mirrorwarden mirror list"
std::string full_name(const CLI::App&);

/// "mirrorwarden mirror review --status ... [OPTION]... NAME"
std::string synopsis(const CLI::App&);

}  // namespace mirrorwarden
