#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace prober {

/// Another program, run without a shell: standard input is empty, standard output a pipe to us,
/// standard error a file. It gets none of our other descriptors, and of our environment PATH and
/// HOME. Killed and reaped when this object goes.
class ChildProcess {
public:
    /// `words`: the program, looked for in PATH, and its arguments. Throws `std::system_error`;
    /// with ENOENT where there is no such program.
    ChildProcess(const std::vector<std::string>& words, const std::string& errors_file);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// The reading end of its standard output, not blocking; the caller's to close from now on.
    int take_output() noexcept;
    /// A descriptor that can be read once it has ended; the caller's to close from now on.
    int take_end() noexcept;

    void kill() const noexcept;
    /// Waits for its end. Its exit status; empty if a signal ended it.
    std::optional<int> wait() noexcept;

private:
    pid_t pid_ = -1;
    int output_ = -1;
    int end_ = -1;
};

}  // namespace prober
