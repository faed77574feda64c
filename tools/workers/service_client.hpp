#pragma once

#include "tools/workers/report.hpp"
#include "tools/workers/report_answer.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace workers {

/// Says one thing to a service and hears its answer. Abstract so that what is said when is
/// tested without a network. One thread at a time.
class ServiceClient {
public:
    virtual ~ServiceClient() = default;

    /// POSTs `body` as JSON; never throws for what a network or a service does.
    virtual Exchange post(const std::string& path, const std::string& body) = 0;
};

/// Where the service is, and how it knows us.
struct ServiceAddress {
    std::string url;    // "https://status.example.org", perhaps with a path; no slash at the end
    std::string token;  // secret; empty: none is sent
    std::string ca_bundle;  // PEM; empty: the system's
    std::string user_agent;
    std::chrono::milliseconds connect_timeout;
    std::chrono::milliseconds timeout;  // of one exchange, connecting included
};

/// Empty, or what is wrong with the URL of a service, as a sentence that does not repeat it: it
/// may hold a password.
std::string service_url_fault(const std::string& url);

/// The real one: libcurl. The token goes to that address alone: no redirect is followed.
std::unique_ptr<ServiceClient> make_service_client(const ServiceAddress&);

}  // namespace workers
