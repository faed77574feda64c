#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mirrorwarden {

class Environment;

/// Where a worker reports to, section `[report]` of the configuration. Empty: not said there.
struct ReportSettings {
    std::optional<std::string> service;
    std::optional<std::string> token_file;  // its first line; relative to the configuration
    std::optional<std::string> spool;
    std::optional<std::string> ca_bundle;
};

/// What every command that reports takes.
struct ReportFlags {
    std::string service;
    std::string token_file;
    std::string spool;
    bool no_spool = false;
    std::optional<std::chrono::milliseconds> patience;
};

void add_report_flags(CLI::App&, ReportFlags&);

/// All said: by flag, else by environment, else by the configuration, else by default.
struct ReportOptions {
    std::string service;  // a URL without a slash at its end
    std::string token;    // secret
    std::string spool;    // a folder; empty: nothing is kept
    std::string ca_bundle;
    std::chrono::milliseconds patience;
};

/// Throws `InputError` where no service or no token is said, or one that cannot be.
ReportOptions report_options(const Environment&, const ReportFlags&);

}  // namespace mirrorwarden
