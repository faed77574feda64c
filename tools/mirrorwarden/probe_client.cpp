#include "tools/mirrorwarden/probe_client.hpp"

#include "prober/curl_client.hpp"
#include "prober/proxy_url.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>

namespace mirrorwarden {
namespace {

constexpr int redirects_max = 3;
constexpr std::size_t header_bytes_max = 65'536;
constexpr std::chrono::minutes body_timeout{15};
constexpr std::chrono::seconds pause_max{60};

}  // namespace

std::string user_agent(const ProbeOptions& options) {
    return options.contact_url.empty()
               ? fmt::format("mirrorwarden/{}", version)
               : fmt::format("mirrorwarden/{} (+{})", version, options.contact_url);
}

void check_proxies(const ProbeOptions& options) {
    if (!options.proxy.empty()) {
        return;
    }
    for (const char* const variable : prober::proxy_variables) {
        const char* const value = std::getenv(variable);
        const auto fault = value == nullptr || *value == '\0' ? "" : prober::proxy_fault(value);
        if (!fault.empty()) {
            throw InputError(fmt::format("{} of the environment: {}", variable, fault));
        }
    }
}

std::unique_ptr<prober::HttpClient> make_probe_client(const boost::asio::any_io_executor& executor,
                                                      const ProbeOptions& options) {
    const prober::HttpLimits limits{
        .requests_max = options.requests_max,
        .requests_per_host_max = options.requests_per_host_max,
        .connect_timeout = options.connect_timeout,
        .timeout = options.timeout,
        .body_timeout = std::max<std::chrono::milliseconds>(options.timeout, body_timeout),
        .pause_max = pause_max,
        .redirects_max = redirects_max,
        .header_bytes_max = header_bytes_max};
    return prober::make_curl_client(executor, limits,
                                    {.user_agent = user_agent(options),
                                     .ca_bundle = options.ca_bundle,
                                     .proxy = options.proxy,
                                     .honours_host_rules = true});
}

}  // namespace mirrorwarden
