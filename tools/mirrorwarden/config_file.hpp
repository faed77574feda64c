#pragma once

#include "tools/mirrorwarden/config.hpp"

#include <string>

namespace mirrorwarden {

/// The configuration in `file`; with an empty name, in the user's own file, else
/// the system's, else nothing said. `mail.password_file`
/// and a `jobs.control_file` that is a path become absolute. Throws
/// `InputError` with all that is wrong, each with file and line.
Config load_config(const std::string& file);

/// The password in `[mail] password_file`: its first line; empty if none is named.
/// Throws `InputError` if it cannot be read. Warns on standard error where others
/// may read the file, too.
std::string read_mail_password(const MailConfig&);

}  // namespace mirrorwarden
