#pragma once

#include "model/catalog_file.hpp"
#include "tools/mirrorwarden/probe_options.hpp"
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

/// What a configuration file says.
struct Config {
    std::string database;  // empty: not said
    MailConfig mail;
    ProbeSettings probe;
    ServeSettings serve;
};

/// Reads a configuration file's text. All errors at once, by line: unknown
/// sections and keys (with the nearest known one), wrong types, numbers out of range.
boost::system::result<Config, std::vector<model::FileError>> parse_config(std::string_view text);

}  // namespace mirrorwarden
