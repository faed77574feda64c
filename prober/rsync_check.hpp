#pragma once

#include "model/host_findings.hpp"
#include "prober/name_lookup.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace prober {

struct RsyncLimits {
    std::chrono::milliseconds timeout;  // of one conversation, the name's lookup included
    std::size_t bytes_max;              // that a daemon may say
};

/// Greets the daemon of an rsync:// URL and has it list its modules. A daemon may keep a
/// module out of its list: one that is not in it is asked for by name, and counts as listed
/// unless the daemon says that it is unknown. Nothing is transferred. `outcome` is
/// `invalid_answer` for what is no rsync URL with a module, or no rsync daemon.
asio::awaitable<model::RsyncFacts> check_rsync(std::string url, RsyncLimits limits,
                                               NameLookup::Resolver resolver);

}  // namespace prober
