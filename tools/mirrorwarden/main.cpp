// Composition root: reads the words and the configuration, runs the command that
// they ask for, and turns whatever ends it into an exit status.

#include "model/plain_text.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/config_file.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <CLI/App.hpp>
#include <CLI/Error.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mirrorwarden {
namespace {

// The command whose --help explains what was wrong.
std::string chosen_command(const CLI::App& root) {
    std::string words = root.get_name();
    const CLI::App* command = &root;
    for (auto chosen = command->get_subcommands(); !chosen.empty();
         chosen = command->get_subcommands()) {
        command = chosen.front();
        words += " " + command->get_name();
    }
    return words;
}

int run(const std::vector<std::string>& words) {
    const auto tree = make_command_tree();
    try {
        tree->parse(words);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // --help or --version
            return tree->root().exit(error);
        }
        throw InputError(
            fmt::format("{}; see {} --help", error.what(), chosen_command(tree->root())));
    }
    if (tree->offline_action()) {
        return tree->offline_action()();
    }
    Environment environment(load_config(tree->config_file()), tree->database_url());
    return tree->action()(environment);
}

/// Says why it could not be done.
int fail(const std::vector<std::string>& words, const std::string& why, int status) {
    if (first_command(words) != "monitor") {
        complain(why);
        return status;
    }
    // Nagios and its kin read one line of standard output, and know 2 as "critical".
    std::fputs(("Could not tell: " + model::one_line(why) + "\n").c_str(), stdout);
    std::fflush(stdout);
    return exit_status::could_not_tell;
}

// Also where something was lost earlier: who flushes in between does not look.
void flush_output() {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        throw std::system_error(errno == 0 ? EIO : errno, std::generic_category(),
                                "cannot write standard output");
    }
}

/// What is opened takes the lowest number that is free: where a standard stream is closed, that
/// would be a file or a socket, and what we say would go into it. Whatever is done with the
/// stand-in fails as it does with a closed one.
void occupy_closed_streams() {
    for (const auto& [stream, mode] :
         {std::pair{STDIN_FILENO, O_WRONLY}, std::pair{STDOUT_FILENO, O_RDONLY},
          std::pair{STDERR_FILENO, O_RDONLY}}) {
        if (::fcntl(stream, F_GETFD) == -1) {
            ::open("/dev/null", mode);
        }
    }
}

int run_and_catch(const std::vector<std::string>& words) {
    try {
        const int status = run(words);
        flush_output();
        return status;
    } catch (const InputError& error) {
        return fail(words, error.what(), exit_status::wrong_input);
    } catch (const std::exception& error) {
        return fail(words, error.what(), exit_status::could_not_run);
    }
}

}  // namespace
}  // namespace mirrorwarden

int main(int argc, char** argv) {
    mirrorwarden::occupy_closed_streams();
    return mirrorwarden::run_and_catch(std::vector<std::string>(argv + 1, argv + argc));
}
