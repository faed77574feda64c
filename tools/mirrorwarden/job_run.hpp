#pragma once

#include "model/script_activity.hpp"
#include "model/store.hpp"
#include "tools/reports/control_file.hpp"

#include <string>

/// Jobs of ours that others watch: each may be switched off, and each success is kept.
namespace mirrorwarden {

class Environment;

/// What the control file says of the job now. What cannot be read enables it, with a warning;
/// throws only where a signal ended the asking.
reports::Permission job_permission(const Environment&, const std::string& job);

/// The same; tells on standard error that it is switched off, or what was wrong with the file.
bool may_run(const Environment&, const std::string& job);

/// One run of a job, which begins when this is made.
class JobRun {
public:
    /// `statsd` is "HOST:PORT"; empty: as the configuration says.
    JobRun(const Environment&, std::string job, const std::string& statsd);

    /// The run, if it ended now.
    model::ScriptActivity activity() const;

    /// It has ended, and well: keeps that, and tells statsd how long it took. Throws where the
    /// database fails; trouble with statsd is a warning.
    void succeed(model::Store&) const;

    /// Only tells statsd, for a job whose successes others keep.
    void tell_statsd(const model::ScriptActivity&) const;

private:
    std::string job_;
    std::string host_;
    std::string statsd_;
    model::Timestamp started_;
};

}  // namespace mirrorwarden
