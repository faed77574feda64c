#pragma once

#include "model/store.hpp"
#include "prober/http_client.hpp"
#include "prober/run.hpp"
#include "tools/mirrorwarden/probe_decisions.hpp"
#include "tools/mirrorwarden/probe_work.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mirrorwarden {

struct SessionOptions {
    std::size_t requests_per_host_max;
    std::string preamble;  // the first line of each log
    std::filesystem::path spool_folder;
    DecisionOptions decisions;
    std::function<model::Timestamp()> clock;
    /// Told how many results were stored so far, where the store may be used. May be empty.
    std::function<void(std::size_t stored)> counted = {};
};

/// What a run came to.
struct ProbeReport {
    model::Timestamp started;
    model::Timestamp finished;
    std::vector<ProbedMirror> mirrors;  // by name; `change` is what was really made
    std::vector<prober::UnfinishedMirror> unfinished;
    std::vector<Doubt> doubts;
    std::vector<std::string> undecided;  // distributions whose mirrors are due again
    bool is_interrupted = false;         // by a signal
};

using MakeClient = std::function<std::unique_ptr<prober::HttpClient>(boost::asio::any_io_executor)>;

/// Probes the mirrors, stores each one's results, decides, and stores that. Ends early
/// and cleanly on SIGINT, SIGTERM and SIGHUP. Throws when the database or the disk
/// under the logs fails; mirrors that were stored are decided by the next run then.
///
/// A second client is made for the primary archives: the first may have been cancelled.
ProbeReport probe_and_decide(model::Store&, ProbeWork, SessionOptions, const MakeClient&);

}  // namespace mirrorwarden
