#pragma once

#include "model/probe.hpp"
#include "prober/http_client.hpp"
#include "prober/mirror_probe.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace prober {

struct RunOptions {
    std::size_t lanes_per_host_max;      // M: requests at once to the mirrors of one host
    std::filesystem::path spool_folder;  // see `LogSpool`
    std::string preamble;                // a line at the head of each log: version, limits
    std::function<model::Timestamp()> clock;
};

/// How far a run is, for whoever watches it from the same thread.
struct RunCounters {
    std::size_t mirrors_total = 0;
    std::size_t mirrors_done = 0;  // handed to the sink, or unfinished
    std::uint64_t targets_total = 0;
    std::uint64_t targets_done = 0;
    std::uint64_t requests = 0;  // sent
    std::uint64_t failures = 0;  // answers other than 200
};

/// A mirror without a result: its old rows stand.
struct UnfinishedMirror {
    model::MirrorId mirror{};
    std::string name;
    std::string reason;
    bool is_wish = false;  // its host's, or its owner's: no trouble of ours

    friend bool operator==(const UnfinishedMirror&, const UnfinishedMirror&) = default;
};

/// Takes each mirror's result, soon after its last answer. The next one is made only
/// when the sink has returned: a slow sink costs time and not memory.
using ResultSink = std::function<asio::awaitable<void>(model::ProbeResult)>;

/// Probes all the mirrors and returns those that could not be probed to the end.
///
/// Mirrors share the lanes of their host and take turns on it; hosts with the most work
/// come first. After `HttpClient::cancel` it ends soon, with results for the mirrors
/// that were done. An exception (of the sink; a full disk under the logs) cancels
/// the client, and is thrown when the last request is over.
asio::awaitable<std::vector<UnfinishedMirror>> run_probes(HttpClient&, std::vector<MirrorTask>,
                                                          RunOptions, ResultSink, RunCounters&);

}  // namespace prober
