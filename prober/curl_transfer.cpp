#include "prober/curl_transfer.hpp"

#include "prober/curl_client.hpp"
#include "prober/curl_shard.hpp"
#include "prober/url_origin.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <utility>

namespace prober {

using boost::system::error_code;

CurlTransfer::CurlTransfer(Surroundings around, const HttpLimits& limits,
                           const CurlSettings& settings)
    : around_{std::move(around)},
      header_bytes_max_{limits.header_bytes_max},
      is_through_proxy_{is_proxy_configured(settings)},
      parsed_origin_{nullptr, [](CURLU* url) { curl_url_cleanup(url); }},
      easy_{curl_easy_init(), [](void* easy) { curl_easy_cleanup(easy); }},
      addresses_{nullptr, [](curl_slist* list) { curl_slist_free_all(list); }} {
    static_assert(CURL_ERROR_SIZE == 256);
    if (!easy_) {
        throw std::bad_alloc();
    }
    set_up(limits, settings);
}

CurlTransfer::~CurlTransfer() {
    if (position != nowhere) {  // else the shard may be gone
        around_.shard.stop(*this);
    }
}

template <class Value>
void CurlTransfer::set(int option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_.get(), static_cast<CURLoption>(option), value);
    if (code == CURLE_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    if (code != CURLE_OK) {
        throw std::runtime_error(
            fmt::format("set libcurl's option {}: {}", option, curl_easy_strerror(code)));
    }
}

void CurlTransfer::set_up(const HttpLimits& limits, const CurlSettings& settings) {
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_NOBODY, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https,ftp");
    set(CURLOPT_USERAGENT, settings.user_agent.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.timeout.count()));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // no waiting for the resolver that a proxy's name needs
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_BUFFERSIZE, 4096L);  // answers are heads only
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

    set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_PREREQFUNCTION, &CurlTransfer::on_connected);
    set(CURLOPT_PREREQDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    // A connection outlives the transfer that opened it, but not the shard.
    set(CURLOPT_CLOSESOCKETFUNCTION, &CurlTransfer::on_close_socket);
    set(CURLOPT_CLOSESOCKETDATA, &around_.shard);

    // With a folder of certificates each handshake would look through it: 19 ms.
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
    set(CURLOPT_PROXY_CAPATH, static_cast<char*>(nullptr));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca_bundle.empty()) {
        set(CURLOPT_CAINFO, settings.ca_bundle.c_str());
        set(CURLOPT_PROXY_CAINFO, settings.ca_bundle.c_str());
    }
    if (!settings.proxy.empty()) {
        set(CURLOPT_PROXY, settings.proxy.c_str());
    }
    if (!is_through_proxy_) {
        set(CURLOPT_NOPROXY, "*");  // or each request looks through the environment for one
    }
}

void CurlTransfer::use_addresses(const std::string& host_and_port,
                                 const std::vector<std::string>& addresses) {
    std::string entry = host_and_port;
    char separator = ':';
    for (const auto& address : addresses) {
        const bool is_v6 = address.find(':') != std::string::npos;
        entry += separator;
        entry += is_v6 ? fmt::format("[{}]", address) : address;
        separator = ',';
    }
    addresses_.reset(curl_slist_append(nullptr, entry.c_str()));
    set(CURLOPT_RESOLVE, addresses_.get());
}

asio::awaitable<void> CurlTransfer::run(std::string_view url, Method method) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code)>(
        [this](auto handler, const std::string& target, Method how) {
            begin(target, how, std::move(handler));
        },
        asio::use_awaitable, std::string(url), method);
}

/// Given a whole URL each time, libcurl takes it apart and puts it together again: a
/// fifth of all that a run does. An origin that stays needs that once.
void CurlTransfer::set_url(const std::string& url) {
    // A proxy is asked for the whole URL, which is libcurl's to write.
    const auto target = is_through_proxy_ ? std::nullopt : find_verbatim_target(url);
    if (target && keep_origin(std::string_view(url).substr(0, *target))) {
        set(CURLOPT_REQUEST_TARGET, url.c_str() + *target);
        return;
    }
    if (!std::exchange(origin_, {}).empty()) {
        set(CURLOPT_CURLU, static_cast<CURLU*>(nullptr));
        set(CURLOPT_REQUEST_TARGET, static_cast<char*>(nullptr));
    }
    set(CURLOPT_URL, url.c_str());
}

/// False where libcurl finds a fault in it, which it will tell when it gets the URL.
bool CurlTransfer::keep_origin(std::string_view origin) {
    if (origin == origin_) {
        return true;
    }
    decltype(parsed_origin_) parsed(curl_url(), parsed_origin_.get_deleter());
    const std::string text(origin);
    if (curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
        return false;
    }
    set(CURLOPT_CURLU, parsed.get());
    parsed_origin_ = std::move(parsed);
    origin_ = text;
    return true;
}

void CurlTransfer::begin(const std::string& url, Method method, Done done) {
    set_url(url);
    if (std::exchange(method_, method) != method) {
        set(method == Method::head ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1L);
    }
    end_ = {};
    end_.is_through_proxy = is_through_proxy_;
    end_.is_ftp = url.starts_with("ftp:");
    header_bytes_ = 0;
    is_cancelled_ = false;
    error_text_.front() = '\0';
    done_.emplace(std::move(done));
    auto slot = asio::get_associated_cancellation_slot(*done_);
    if (slot.is_connected()) {
        slot.assign([this](asio::cancellation_type) {
            around_.shard.stop(*this);
            complete(asio::error::operation_aborted);
        });
    }
    around_.shard.start(*this);
}

void CurlTransfer::finish(int code) {
    const auto info = [this](CURLINFO what) {
        long value = 0;
        curl_easy_getinfo(easy_.get(), what, &value);
        return value;
    };
    end_.code = code;
    end_.status = static_cast<int>(info(CURLINFO_RESPONSE_CODE));
    if (code != CURLE_OK) {
        if (end_.system_error == 0) {
            end_.system_error = static_cast<int>(info(CURLINFO_OS_ERRNO));
        }
        end_.verify_result = info(CURLINFO_SSL_VERIFYRESULT);
        end_.tunnel_status = static_cast<int>(info(CURLINFO_HTTP_CONNECTCODE));
        if (end_.has_all_headers) {
            error_text_.front() = '\0';  // it was us who stopped
        }
    } else if (end_.is_ftp) {
        curl_off_t size = -1;
        curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
        end_.is_size_known = size >= 0;
    }
    complete({});
}

void CurlTransfer::cancel() {
    around_.shard.stop(*this);
    is_cancelled_ = true;
    complete({});
}

void CurlTransfer::complete(error_code ec) {
    asio::get_associated_cancellation_slot(*done_).clear();
    // Posted: who waits may end this transfer, which its shard is still looking at.
    asio::post(around_.executor, [done = std::move(*done_), ec]() mutable { std::move(done)(ec); });
    done_.reset();
}

std::string CurlTransfer::location() const {
    curl_header* header = nullptr;
    const auto code = curl_easy_header(easy_.get(), "Location", 0, CURLH_HEADER, -1, &header);
    return code == CURLHE_OK ? header->value : "";
}

std::size_t CurlTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<CurlTransfer*>(self)->take_header({data, size * count});
}

std::size_t CurlTransfer::take_header(std::string_view line) {
    constexpr long final_status_min = 200;
    end_.is_answered = true;
    header_bytes_ += line.size();
    if (header_bytes_ > header_bytes_max_) {
        end_.has_too_much_head = true;
        return 0;
    }
    const bool is_last = line == "\r\n" || line == "\n";
    if (is_last && !end_.is_ftp) {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        end_.has_all_headers = status >= final_status_min;
        if (end_.has_all_headers && method_ == Method::get_headers) {
            return 0;  // The body is not worth a byte.
        }
    }
    return line.size();
}

std::size_t CurlTransfer::on_body(char* /*data*/, std::size_t size, std::size_t count, void* self) {
    const bool is_wanted = static_cast<CurlTransfer*>(self)->end_.is_ftp;
    return is_wanted ? size * count : 0;
}

int CurlTransfer::on_connected(void* self, char* /*primary_ip*/, char* /*local_ip*/,
                               int /*primary_port*/, int /*local_port*/) {
    static_cast<CurlTransfer*>(self)->end_.is_connected = true;
    return CURL_PREREQFUNC_OK;
}

int CurlTransfer::on_open_socket(void* self, int /*purpose*/, curl_sockaddr* address) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    const int fd = transfer.around_.shard.open_socket(address->family, address->socktype,
                                                      address->protocol, transfer.around_.sockets);
    if (fd < 0) {
        transfer.end_.system_error = errno;
    }
    return fd;
}

int CurlTransfer::on_close_socket(void* shard, int fd) {
    static_cast<CurlShard*>(shard)->close_socket(fd);
    return 0;
}

}  // namespace prober
