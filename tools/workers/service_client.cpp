#include "tools/workers/service_client.hpp"

#include "model/text_rules.hpp"
#include "prober/curl_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace workers {
namespace {

using EasyHandle = std::unique_ptr<CURL, decltype([](CURL* easy) { curl_easy_cleanup(easy); })>;
using Lines =
    std::unique_ptr<curl_slist, decltype([](curl_slist* list) { curl_slist_free_all(list); })>;

constexpr std::size_t body_bytes_max = 1 << 20;

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK) {
        throw std::runtime_error(fmt::format("cannot set up libcurl's option {}: {}",
                                             static_cast<int>(option), curl_easy_strerror(code)));
    }
}

void append(Lines& lines, const std::string& line) {
    curl_slist* const longer = curl_slist_append(lines.get(), line.c_str());
    if (longer == nullptr) {
        throw std::bad_alloc();
    }
    static_cast<void>(lines.release());
    lines.reset(longer);
}

std::size_t keep_body(char* data, std::size_t size, std::size_t count, void* argument) {
    auto& body = *static_cast<std::string*>(argument);
    if (body.size() + size * count > body_bytes_max) {
        return 0;  // ends the transfer
    }
    body.append(data, size * count);
    return size * count;
}

/// A failure before anything of the request can have left.
bool is_before_sending(CURLcode code) noexcept {
    constexpr std::array before = {
        CURLE_COULDNT_RESOLVE_HOST,
        CURLE_COULDNT_RESOLVE_PROXY,
        CURLE_COULDNT_CONNECT,
        CURLE_PEER_FAILED_VERIFICATION,
        CURLE_SSL_CONNECT_ERROR,
        CURLE_SSL_CACERT_BADFILE,
        CURLE_PROXY,
    };
    return std::ranges::find(before, code) != before.end();
}

class CurlServiceClient : public ServiceClient {
public:
    explicit CurlServiceClient(ServiceAddress address)
        : address_(std::move(address)), easy_(curl_easy_init()) {
        if (!easy_) {
            throw std::bad_alloc();
        }
        append(headers_, "Content-Type: application/json");
        append(headers_, "Accept: application/json");
        append(headers_, "Expect:");  // a report is short: it is sent at once
        if (!address_.token.empty()) {
            append(headers_, "Authorization: Bearer " + address_.token);
        }
        set(easy_.get(), CURLOPT_PROTOCOLS_STR, "http,https");
        set(easy_.get(), CURLOPT_FOLLOWLOCATION, 0L);
        set(easy_.get(), CURLOPT_NOSIGNAL, 1L);
        set(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
        set(easy_.get(), CURLOPT_USERAGENT, address_.user_agent.c_str());
        set(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS,
            static_cast<long>(address_.connect_timeout.count()));
        set(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(address_.timeout.count()));
        set(easy_.get(), CURLOPT_WRITEFUNCTION, &keep_body);
        set(easy_.get(), CURLOPT_ERRORBUFFER, detail_.data());
        // The default folder of certificates costs 19 ms a handshake; the bundle holds the same.
        set(easy_.get(), CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        const auto bundle =
            address_.ca_bundle.empty() ? prober::find_ca_bundle() : address_.ca_bundle;
        if (!bundle.empty()) {
            set(easy_.get(), CURLOPT_CAINFO, bundle.c_str());
        }
    }

    Exchange post(const std::string& path, const std::string& body) override {
        const auto url = address_.url + path;
        Exchange exchange;
        detail_[0] = '\0';
        set(easy_.get(), CURLOPT_URL, url.c_str());
        set(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        set(easy_.get(), CURLOPT_POSTFIELDS, body.c_str());
        set(easy_.get(), CURLOPT_WRITEDATA, &exchange.body);

        const CURLcode code = curl_easy_perform(easy_.get());

        if (code != CURLE_OK) {
            exchange.detail = detail_[0] != '\0' ? detail_.data() : curl_easy_strerror(code);
            exchange.was_sent = !is_before_sending(code);
            return exchange;
        }
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        exchange.status = static_cast<int>(status);
        curl_off_t retry_after = 0;
        if (curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK &&
            retry_after > 0) {
            exchange.retry_after = std::chrono::seconds(retry_after);
        }
        return exchange;
    }

private:
    ServiceAddress address_;
    EasyHandle easy_;
    Lines headers_;
    std::array<char, CURL_ERROR_SIZE> detail_{};
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
    return {};
}

std::unique_ptr<ServiceClient> make_service_client(ServiceAddress address) {
    return std::make_unique<CurlServiceClient>(std::move(address));
}

}  // namespace workers
