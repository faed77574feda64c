#include "prober/curl_client.hpp"

#include "model/mirror_url.hpp"
#include "prober/curl_connect.hpp"
#include "prober/curl_core.hpp"
#include "prober/curl_lane.hpp"
#include "prober/proxy_choice.hpp"
#include "prober/url_origin.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace prober {
namespace {

void initialise_libcurl() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        throw std::runtime_error(fmt::format("start libcurl: {}", curl_easy_strerror(code)));
    }
}

class CurlClient final : public HttpClient {
public:
    explicit CurlClient(std::shared_ptr<CurlCore> core) : core_{std::move(core)} {}
    ~CurlClient() override { core_->close(); }
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    asio::awaitable<std::unique_ptr<Lane>> open_lane(std::string url, std::size_t work) override {
        const auto core = core_;
        auto& host = core->host(model::host_of(url));
        auto permit = co_await core->permits->acquire(host.number, work);
        co_return make_curl_lane(core, host, std::move(permit));
    }

    asio::awaitable<AddressAnswers> connect_each(std::string url) override {
        return connect_to_each(core_, std::move(url));
    }

    asio::awaitable<CertificateAnswer> certificate(std::string url) override {
        return read_certificate(core_, std::move(url));
    }

    std::optional<model::HostRules> rules_of(const std::string& url) const override {
        const auto origin = parse_origin(url);
        const auto* const site =
            origin ? core_->find_site(model::host_of(url), origin->port) : nullptr;
        return site == nullptr ? std::nullopt : site->manners.rules();
    }

    void cancel() override { core_->cancel(); }

private:
    std::shared_ptr<CurlCore> core_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(asio::any_io_executor executor, HttpLimits limits,
                                             CurlSettings settings) {
    initialise_libcurl();
    if (settings.ca_bundle.empty()) {
        settings.ca_bundle = find_ca_bundle();
    }
    return std::make_unique<CurlClient>(
        std::make_shared<CurlCore>(std::move(executor), limits, std::move(settings)));
}

std::string find_ca_bundle() {
    if (const char* const named = std::getenv("SSL_CERT_FILE");
        named != nullptr && *named != '\0') {
        return named;
    }
    constexpr std::array<const char*, 3> places{"/etc/ssl/certs/ca-certificates.crt",
                                                "/etc/pki/tls/certs/ca-bundle.crt",
                                                "/etc/ssl/cert.pem"};
    const auto* const found = std::find_if(places.begin(), places.end(), [](const char* place) {
        std::error_code ec;
        return std::filesystem::exists(place, ec);
    });
    return found == places.end() ? "" : *found;
}

bool is_proxy_configured(const CurlSettings& settings) {
    return is_proxy_configured(read_proxy_wishes(settings.proxy));
}

}  // namespace prober
