#pragma once

#include "model/host_findings.hpp"
#include "prober/curl_core.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace prober {

/// As `Lane::greet_rsync` promises; for whoever holds a permit of that host.
asio::awaitable<model::RsyncFacts> greet_rsync_of(CurlCore&, std::string url);

}  // namespace prober
