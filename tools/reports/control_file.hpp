#pragma once

#include <string>
#include <string_view>

namespace reports {

/// Whether a job may run, by the file with which an admin switches jobs off.
struct Permission {
    bool is_enabled = true;
    std::string warning;  // a whole sentence; empty: the file was plain

    friend bool operator==(const Permission&, const Permission&) = default;
};

/// Reads an INI file: `enabled` of the section that is named as the job, else of `[DEFAULT]`,
/// else true. Words as Python's configparser has them: 1, yes, true, on; 0, no, false, off, in
/// any case. What cannot be read enables the job, with a warning: a slip of the pen must not
/// stop everything. Of a text of more than 64 KiB nothing is read. Pure.
Permission read_permission(std::string_view text, const std::string& job);

}  // namespace reports
