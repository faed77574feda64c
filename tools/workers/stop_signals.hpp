#pragma once

#include <chrono>

namespace workers {

/// From its making on, SIGINT, SIGTERM and SIGHUP end nothing by themselves in this process, and
/// can be asked for instead; SIGPIPE is ignored. Make it before any thread.
class StopSignals {
public:
    /// Throws `std::system_error`.
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Can be read once one has come.
    int descriptor() const noexcept { return descriptor_; }

    bool has_come() const noexcept { return !pause(std::chrono::milliseconds(0)); }

    /// Sleeps; false, and earlier, where one has come.
    bool pause(std::chrono::milliseconds) const noexcept;

private:
    int descriptor_;
};

}  // namespace workers
