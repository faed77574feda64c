#include "tools/mirrorwarden/job_run.hpp"

#include "tools/mirrorwarden/archive_client.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/fetch_text.hpp"
#include "tools/mirrorwarden/program_log.hpp"
#include "tools/mirrorwarden/read_file.hpp"
#include "tools/mirrorwarden/statsd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

namespace mirrorwarden {
namespace {

/// As much of it as is ever believed.
constexpr std::size_t control_file_bytes_max = 65'536;
/// A job waits no longer for who only might stop it.
constexpr std::chrono::seconds control_file_timeout{10};

/// Not what makes a job run all the same.
class Interrupted : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string read_control_file(const Environment& environment) {
    const auto& place = environment.config().jobs.control_file;
    if (!is_control_url(place)) {
        return read_file(place, control_file_bytes_max);
    }
    auto options = resolve({}, environment.config().probe);
    options.timeout = control_file_timeout;
    options.connect_timeout = control_file_timeout;
    ArchiveClient client(options);
    auto fetched = client.ask(fetch_text(client.http(), place, control_file_bytes_max));
    if (client.is_interrupted()) {
        throw Interrupted("ended by a signal while it asked for the control file");
    }
    if (!fetched.is_whole()) {
        throw std::runtime_error(fmt::format("cannot read {}: {}", place, describe_fault(fetched)));
    }
    return std::move(fetched.text);
}

}  // namespace

reports::Permission job_permission(const Environment& environment, const std::string& job) {
    if (environment.config().jobs.control_file.empty()) {
        return {};
    }
    try {
        return reports::read_permission(read_control_file(environment), job);
    } catch (const Interrupted&) {
        throw;
    } catch (const std::exception& error) {
        return {.is_enabled = true,
                .warning = fmt::format("The control file could not be read: {}.", error.what())};
    }
}

bool may_run(const Environment& environment, const std::string& job) {
    const auto permission = job_permission(environment, job);
    if (!permission.warning.empty()) {
        log_warning(fmt::format("{} {} runs all the same.", permission.warning, job));
    }
    if (!permission.is_enabled) {
        log_info(fmt::format("{} does not run: the control file {} has switched it off.", job,
                             environment.config().jobs.control_file));
    }
    return permission.is_enabled;
}

JobRun::JobRun(const Environment& environment, std::string job, const std::string& statsd)
    : job_{std::move(job)},
      host_{host_name()},
      statsd_{statsd.empty() ? environment.config().jobs.statsd : statsd},
      started_{now()} {}

model::ScriptActivity JobRun::activity() const {
    // A clock that is set back must not end a run before it began.
    return {
        .name = job_, .host = host_, .started = started_, .completed = std::max(started_, now())};
}

void JobRun::succeed(model::Store& store) const {
    const auto ended = activity();
    store.record_script(ended);
    tell_statsd(ended);
}

void JobRun::tell_statsd(const model::ScriptActivity& ended) const {
    if (const auto address = parse_statsd_address(statsd_)) {
        const auto duration =
            std::chrono::floor<std::chrono::milliseconds>(ended.completed - ended.started);
        const auto trouble = send_metric(*address, duration_metric(job_, duration));
        if (!trouble.empty()) {
            log_warning(fmt::format("The duration of {} could not be sent to statsd at {}: {}.",
                                    job_, statsd_, trouble));
        }
    }
}

}  // namespace mirrorwarden
