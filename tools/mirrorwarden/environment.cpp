#include "tools/mirrorwarden/environment.hpp"

#include "model/text_rules.hpp"
#include "tools/mirrorwarden/exit_status.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <sys/ioctl.h>
#include <system_error>
#include <utility>

namespace mirrorwarden {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// Source: XDG Base Directory Specification, $XDG_STATE_HOME; a relative path is to
// be ignored.
std::filesystem::path default_database() {
    if (const auto state = variable("XDG_STATE_HOME"); state.starts_with('/')) {
        return std::filesystem::path(state) / "mirrorwarden/mirrorwarden.sqlite";
    }
    if (const auto home = variable("HOME"); home.starts_with('/')) {
        return std::filesystem::path(home) / ".local/state/mirrorwarden/mirrorwarden.sqlite";
    }
    throw InputError(
        "no place for the database is known: neither HOME nor XDG_STATE_HOME is set; "
        "name it with --database or MIRRORWARDEN_DATABASE");
}

// Only the scheme is told: the rest may hold a password.
void check_scheme(const std::string& url) {
    if (url == "sqlite:") {
        throw InputError("the database's URL \"sqlite:\" names no file; write sqlite:PATH");
    }
    const auto scheme = url.substr(0, url.find(':'));
    if (scheme != "sqlite" && scheme != "postgresql" && scheme != "postgres") {
        throw InputError(fmt::format(
            "the database's URL begins with neither sqlite: nor postgresql:, but with "
            "{}; write sqlite:PATH or postgresql://...",
            url.find(':') == std::string::npos ? "no scheme at all" : model::in_quotes(scheme)));
    }
}

void make_private_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::create_directories(folder, error) && !error) {
        return;  // it was there: its rights are its owner's business
    }
    if (!error) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
    if (error) {
        throw std::runtime_error(fmt::format("cannot make the database's folder {}: {}",
                                             folder.string(), error.message()));
    }
}

}  // namespace

Environment::Environment(Config config, std::string database_url)
    : config_(std::move(config)), database_url_(std::move(database_url)) {
    if (database_url_.empty()) {
        database_url_ = config_.database;
    }
}

std::unique_ptr<model::Store> Environment::open_store(storage::Opening opening) const {
    if (!database_url_.empty()) {
        check_scheme(database_url_);
        return storage::open_store(database_url_, opening);
    }
    const auto file = default_database();
    if (opening != storage::Opening::existing) {
        make_private_folder(file.parent_path());
    }
    return storage::open_store("sqlite:" + file.string(), opening);
}

// Callers see an environment, not where each part of it comes from.
// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
model::Author Environment::author(std::string why) const {
    return {.who = login_name(), .when = now(), .why = std::move(why)};
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
Screen Environment::screen() const {
    Screen screen;
    screen.is_terminal = ::isatty(STDOUT_FILENO) == 1;
    if (!screen.is_terminal) {
        return screen;
    }
    screen.has_colours = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        screen.width = size.ws_col;
    }
    return screen;
}

model::Timestamp now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string login_name() {
    if (auto caller = variable("SUDO_USER"); ::geteuid() == 0 && !caller.empty()) {
        return caller;
    }
    const passwd* user = ::getpwuid(::geteuid());
    return user == nullptr ? fmt::format("uid {}", ::geteuid()) : std::string(user->pw_name);
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) {
        return "localhost";
    }
    std::string text(name.data());
    for (char& c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') {
            c = '-';
        }
    }
    return text.empty() ? "localhost" : text;
}

void complain(std::string_view text) {
    say_beside(fmt::format("mirrorwarden: {}\n", text));
}

void say_beside(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

void print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
        throw std::system_error(errno, std::generic_category(), "cannot write standard output");
    }
}

}  // namespace mirrorwarden
