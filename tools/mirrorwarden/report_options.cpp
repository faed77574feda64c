#include "tools/mirrorwarden/report_options.hpp"

#include "model/text_rules.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/read_file.hpp"
#include "tools/workers/service_client.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace mirrorwarden {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t token_bytes_max = 4096;
constexpr std::chrono::seconds default_patience{60};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// Source: XDG Base Directory Specification, $XDG_STATE_HOME; a relative path is to be ignored.
std::string default_spool() {
    if (const auto state = variable("XDG_STATE_HOME"); state.starts_with('/')) {
        return (fs::path(state) / "mirrorwarden/reports").string();
    }
    if (const auto home = variable("HOME"); home.starts_with('/')) {
        return (fs::path(home) / ".local/state/mirrorwarden/reports").string();
    }
    throw InputError(
        "no place for unsent reports is known: neither HOME nor XDG_STATE_HOME is set; name it "
        "with --spool, or say --no-spool");
}

std::string read_token_file(const std::string& file) {
    const auto text = read_file(file, token_bytes_max);
    std::error_code error;
    const auto rights = fs::status(file, error).permissions();
    if (!error && (rights & (fs::perms::group_read | fs::perms::others_read)) != fs::perms::none) {
        complain(
            fmt::format("warning: others may read the token in {}; run: chmod 600 {}", file, file));
    }
    return text.substr(0, text.find_first_of("\r\n"));
}

std::string read_token(const ReportFlags& flags, const ReportSettings& settings) {
    std::string token;
    if (!flags.token_file.empty()) {
        token = read_token_file(flags.token_file);
    } else if (token = variable("MIRRORWARDEN_TOKEN"); token.empty() && settings.token_file) {
        token = read_token_file(*settings.token_file);
    }
    if (token.empty()) {
        throw InputError(
            "no token: name its file with --token-file or as token_file in [report] of the "
            "configuration, or set MIRRORWARDEN_TOKEN");
    }
    if (!model::is_plain_text(token, model::Lines::one) || token.find(' ') != std::string::npos) {
        throw InputError("the token holds what none can: it is one word");
    }
    return token;
}

}  // namespace

void add_report_flags(CLI::App& command, ReportFlags& flags) {
    add_option(command, "--service", flags.service,
               "Where to report: the service's address, as https://status.example.org. "
               "Default: service in [report] of the configuration")
        .type_name("URL")
        .envname("MIRRORWARDEN_SERVICE");
    add_option(command, "--token-file", flags.token_file,
               "A file whose first line is the token, for its owner's eyes alone. Default: "
               "$MIRRORWARDEN_TOKEN, else token_file in [report]")
        .type_name("FILE");
    add_option(command, "--spool", flags.spool,
               "The folder of reports that could not be sent. Default: spool in [report], "
               "else $XDG_STATE_HOME/mirrorwarden/reports")
        .type_name("FOLDER");
    add_flag(command, "--no-spool", flags.no_spool,
             "Keep nothing: a report that does not arrive in time is lost");
    add_seconds(command, "--patience", flags.patience,
                "How long to try again while the service is away. Default: 60");
}

ReportOptions report_options(const Environment& environment, const ReportFlags& flags) {
    const auto& settings = environment.config().report;
    ReportOptions options{
        .service = flags.service.empty() ? settings.service.value_or(std::string()) : flags.service,
        .token = {},
        .spool = {},
        .ca_bundle = settings.ca_bundle.value_or(std::string()),
        .patience = flags.patience.value_or(default_patience)};
    if (options.service.empty()) {
        throw InputError(
            "no service to report to: name it with --service, MIRRORWARDEN_SERVICE, or as service "
            "in [report] of the configuration");
    }
    while (options.service.ends_with('/')) {
        options.service.pop_back();
    }
    if (const auto fault = workers::service_url_fault(options.service); !fault.empty()) {
        throw InputError(fmt::format("the service's URL is none: {}", fault));
    }
    options.token = read_token(flags, settings);
    if (flags.no_spool) {
        if (!flags.spool.empty()) {
            throw InputError("say one of --spool and --no-spool");
        }
    } else if (!flags.spool.empty()) {
        options.spool = flags.spool;
    } else {
        options.spool = settings.spool ? *settings.spool : default_spool();
    }
    return options;
}

}  // namespace mirrorwarden
