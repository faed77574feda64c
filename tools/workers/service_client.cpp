#include "tools/workers/service_client.hpp"

#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"
#include "prober/json_poster.hpp"

#include <utility>

namespace workers {
namespace {

class CurlServiceClient : public ServiceClient {
public:
    explicit CurlServiceClient(const ServiceAddress& address)
        : url_(address.url),
          poster_({.token = address.token,
                   .ca_bundle = address.ca_bundle,
                   .user_agent = address.user_agent,
                   .connect_timeout = address.connect_timeout,
                   .timeout = address.timeout}) {}

    Exchange post(const std::string& path, const std::string& body) override {
        auto answer = poster_.post(url_ + path, body);
        return {.status = answer.status,
                .body = std::move(answer.body),
                .detail = std::move(answer.detail),
                .retry_after = answer.retry_after,
                .was_sent = answer.was_sent};
    }

private:
    std::string url_;
    prober::JsonPoster poster_;
};

}  // namespace

std::string service_url_fault(const std::string& url) {
    const auto start = url.find("://");
    const auto scheme = url.substr(0, start);
    if (start == std::string::npos || (scheme != "http" && scheme != "https")) {
        return "it begins with neither https:// nor http://";
    }
    const auto host = url.substr(start + 3, url.find('/', start + 3) - start - 3);
    if (host.find('@') != std::string::npos) {
        return "it must hold no user or password; a token is given by itself";
    }
    if (host.empty() || !model::is_plain_text(url, model::Lines::one) ||
        url.find_first_of(" ?#") != std::string::npos) {
        return "it must name a host, and perhaps a path, and nothing else";
    }
    if (!model::has_usable_port(host)) {
        return "its port is not between 1 and 65535";
    }
    return {};
}

std::unique_ptr<ServiceClient> make_service_client(const ServiceAddress& address) {
    return std::make_unique<CurlServiceClient>(address);
}

}  // namespace workers
