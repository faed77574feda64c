#pragma once

#include "tools/mirrorwarden/report_options.hpp"
#include "tools/workers/reporter.hpp"
#include "tools/workers/stop_signals.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <random>

namespace mirrorwarden {

/// A worker's way to its service, with the real clock, network and disk.
class ReportSession {
public:
    /// `stop` null: signals end the process, as ever.
    ReportSession(ReportOptions, const workers::StopSignals* stop);
    ReportSession(const ReportSession&) = delete;
    ReportSession& operator=(const ReportSession&) = delete;

    const ReportOptions& options() const noexcept { return options_; }
    const workers::Surroundings& surroundings() const noexcept { return surroundings_; }
    /// Null: nothing is kept.
    const workers::SpoolFolder* spool() const noexcept { return spool_ ? &*spool_ : nullptr; }

    /// A connection of its own; any thread may ask.
    std::unique_ptr<workers::ServiceClient> make_client() const;

    /// For one run, with a connection of this session's: one at a time.
    workers::Reporter make_reporter();

private:
    ReportOptions options_;
    std::optional<workers::SpoolFolder> spool_;
    std::mutex chance_mutex_;
    std::minstd_rand chance_;
    workers::Surroundings surroundings_;
    std::unique_ptr<workers::ServiceClient> client_;
};

/// Says on standard error what did not arrive, and returns the exit status: done where it
/// arrived or is kept, wrong input where the service refused it, else could not run.
int tell_sending(const workers::Sending&);

}  // namespace mirrorwarden
