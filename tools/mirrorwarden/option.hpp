#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// What a command may be given. CLI11 reads it; its own header would cost every file of a
/// command a second of compiling, so that only those include it that look at the tree itself.
/// Targets must outlive the parsing.
namespace mirrorwarden {

/// An option of a command, or an argument that stands without a hyphen; the command owns it.
class Option {
public:
    explicit Option(CLI::Option& option) : option_(&option) {}

    Option& required();

    /// What stands for its value: "SECONDS", "ARCHIVE|RELEASE".
    Option& type_name(const std::string&);

    /// What an argument is called in `--help`, where that is not its name.
    Option& option_text(const std::string&);

    /// The variable of the environment that says it where the command line does not.
    Option& envname(const std::string&);

    /// How many values may follow it.
    Option& expected(int least, int most);

    /// False: each value needs the flag before it.
    Option& allow_extra_args(bool);

    /// Given again, every value counts.
    Option& take_all();

private:
    CLI::Option* option_;
};

/// `name` is "--flag", or "NAME" for an argument.
Option add_option(CLI::App&, const std::string& name, std::string& target,
                  const std::string& description);
Option add_option(CLI::App&, const std::string& name, std::optional<std::string>& target,
                  const std::string& description);
Option add_option(CLI::App&, const std::string& name, std::vector<std::string>& target,
                  const std::string& description);

/// `read` is called with the value that was given, and may end in `refuse_value`.
Option add_option_function(CLI::App&, const std::string& name,
                           const std::function<void(const std::string&)>& read,
                           const std::string& description);

/// The same, with all values at once.
Option add_options_function(CLI::App&, const std::string& name,
                            const std::function<void(const std::vector<std::string>&)>& read,
                            const std::string& description);

/// A flag without a value. "--enabled,!--no-enabled": two, of which the second says false.
Option add_flag(CLI::App&, const std::string& name, bool& target, const std::string& description);

/// `read` is called with how often it was given; below zero: its opposite was.
Option add_flag_function(CLI::App&, const std::string& name, std::function<void(std::int64_t)> read,
                         const std::string& description);

/// The command is in no list of commands.
void hide(CLI::App&);

/// Throws `CLI::ValidationError`: `why` is one sentence that says what is right.
[[noreturn]] void refuse_value(const std::string& name, const std::string& why);

}  // namespace mirrorwarden
