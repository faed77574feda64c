#pragma once

#include "prober/http_client.hpp"
#include "tools/mirrorwarden/probe_options.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace mirrorwarden {

/// Who asks: "mirrorwarden/VERSION", and whom to write to where that is known.
std::string user_agent(const ProbeOptions&);

/// Throws `InputError` where a variable of the environment that would be heeded names no proxy:
/// flags and configuration were looked at when they were read.
void check_proxies(const ProbeOptions&);

/// The real client, as the options limit it. Throws if it cannot be made.
std::unique_ptr<prober::HttpClient> make_probe_client(const boost::asio::any_io_executor&,
                                                      const ProbeOptions&);

}  // namespace mirrorwarden
