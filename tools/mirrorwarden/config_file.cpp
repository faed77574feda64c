#include "tools/mirrorwarden/config_file.hpp"

#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/read_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace mirrorwarden {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t config_bytes_max = 1 << 20;
constexpr std::size_t password_bytes_max = 4096;

fs::path below(const char* variable, const char* path) {
    const char* folder = std::getenv(variable);
    return folder == nullptr || *folder != '/' ? fs::path() : fs::path(folder) / path;
}

// Source: XDG Base Directory Specification, $XDG_CONFIG_HOME.
std::string default_config_file() {
    auto own = below("XDG_CONFIG_HOME", "mirrorwarden/config.toml");
    if (own.empty()) {
        own = below("HOME", ".config/mirrorwarden/config.toml");
    }
    for (const auto& file : std::array{own, fs::path("/etc/mirrorwarden/config.toml")}) {
        std::error_code ignored;
        if (!file.empty() && fs::exists(file, ignored)) {
            return file.string();
        }
    }
    return {};
}

}  // namespace

Config load_config(const std::string& file) {
    const std::string chosen = file.empty() ? default_config_file() : file;
    if (chosen.empty()) {
        return {};
    }
    auto parsed = parse_config(read_file(chosen, config_bytes_max));
    if (parsed.has_error()) {
        throw InputError(format_file_errors(chosen, parsed.error()));
    }
    Config config = std::move(*parsed);
    const auto make_absolute = [folder = fs::absolute(chosen).parent_path()](std::string& path) {
        if (!path.empty()) {
            path = (folder / path).string();
        }
    };
    make_absolute(config.mail.password_file);
    if (!is_control_url(config.jobs.control_file)) {
        make_absolute(config.jobs.control_file);
    }
    if (config.report.token_file) {
        config.report.token_file =
            (fs::absolute(chosen).parent_path() / *config.report.token_file).string();
    }
    return config;
}

std::string read_mail_password(const MailConfig& mail) {
    if (mail.password_file.empty()) {
        return {};
    }
    const auto text = read_file(mail.password_file, password_bytes_max);
    std::error_code error;
    const auto rights = fs::status(mail.password_file, error).permissions();
    if (!error && (rights & (fs::perms::group_read | fs::perms::others_read)) != fs::perms::none) {
        complain(fmt::format("warning: others may read the mail password in {}; run: chmod 600 {}",
                             mail.password_file, mail.password_file));
    }
    return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace mirrorwarden
