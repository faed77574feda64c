#pragma once

#include "model/catalog_file.hpp"
#include "tools/mirrorwarden/probe_options.hpp"
#include "tools/mirrorwarden/report_options.hpp"
#include "tools/mirrorwarden/serve_options.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorwarden {

/// How mail leaves, section `[mail]`.
struct MailConfig {
    std::string smtp_url;  // "smtp://localhost:25", "smtps://..."; empty: no mail server
    model::MailAddress from;
    std::string user;           // empty: no login
    std::string password_file;  // its first line is the password; relative to the configuration
    std::optional<bool>
        starttls;  // true: required; false: never; empty: where the server offers it
};

/// How jobs are watched, section `[jobs]`.
struct JobConfig {
    std::string control_file;  // a path, or an http or https URL; empty: every job may run
    std::string statsd;        // "HOST:PORT"; empty: durations are told to nobody
};

/// Whether it is a URL, and no path.
bool is_control_url(std::string_view control_file) noexcept;

/// What a configuration file says.
struct Config {
    std::string database;  // empty: not said
    JobConfig jobs;
    MailConfig mail;
    ProbeSettings probe;
    ReportSettings report;
    ServeSettings serve;
};

/// Reads a configuration file's text. All errors at once, by line: unknown
/// sections and keys (with the nearest known one), wrong types, numbers out of range.
boost::system::result<Config, std::vector<model::FileError>> parse_config(std::string_view text);

}  // namespace mirrorwarden
