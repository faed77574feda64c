#pragma once

#include "tools/workers/report.hpp"
#include "tools/workers/run_process.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace workers {

/// The last line that is not blank, without blanks around it; a carriage return ends one, too.
/// Empty where there is none.
std::string_view last_line(std::string_view text) noexcept;

/// What a worker says of a command that ended.
struct CommandVerdict {
    bool is_complete = false;
    std::string words;  // the revision: the last line of its output; else why it failed

    friend bool operator==(const CommandVerdict&, const CommandVerdict&) = default;
};

/// It is complete where it ended with status 0 and printed a revision. Else the last line of its
/// standard error says why, after what is known better here: killed, timed out, not there.
CommandVerdict judge_command(const ProcessEnd&, std::string_view program,
                             std::chrono::seconds timeout);

/// Its own; 128 and the signal that killed it; 124 after a time-out, 126 or 127 where it could
/// not be started, as timeout(1) and shells have it; 1 where it ended well without a revision.
int exit_status_of(const ProcessEnd&, const CommandVerdict&) noexcept;

}  // namespace workers
