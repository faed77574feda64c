#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace workers {

/// A program to be run without a shell.
struct ProcessOrder {
    std::vector<std::string> words;        // the program, looked for in PATH, and its arguments
    std::vector<std::string> environment;  // "NAME=VALUE": all of it
    std::chrono::milliseconds timeout;
    std::chrono::milliseconds grace;  // from SIGTERM to SIGKILL
    std::uint64_t file_bytes_max;     // that it may write into one file; 0: no bound
    int stop = -1;                    // once this can be read, it is ended; -1: never
    /// Its output goes on to our own, too.
    enum class Output { is_kept, is_shown } output = Output::is_kept;
};

struct ProcessEnd {
    enum class How { exited, killed, timed_out, stopped, not_started };
    How how{};
    int number = 0;      // exit status; signal; errno where it was not started
    std::string output;  // the last 64 KiB of it
    std::string errors;  // and of its standard error
};

/// Runs it in a session of its own, without a terminal, with nothing on standard input and none
/// of our other descriptors, to its end; blocks. On time-out and on stop the whole session's group
/// gets SIGTERM, then SIGKILL. If this process dies, the program is killed. Throws
/// `std::system_error` where the system gives no pipe or process.
ProcessEnd run_process(const ProcessOrder&);

inline constexpr std::size_t process_output_kept = 65'536;

}  // namespace workers
