#include "prober/curl_transfer.hpp"

#include "prober/curl_client.hpp"
#include "prober/curl_shard.hpp"
#include "prober/header_line.hpp"
#include "prober/shown_certificate.hpp"
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

namespace {

constexpr int status_ok = 200;
constexpr long head_buffer_bytes = 4096;  // answers are heads only
constexpr long body_buffer_bytes = 65'536;
/// Read of an error page, so that its connection can live on.
constexpr std::uint64_t unwanted_bytes_max = 65'536;

}  // namespace

CurlTransfer::CurlTransfer(Surroundings around, const HttpLimits& limits,
                           const CurlSettings& settings)
    : around_{std::move(around)},
      header_bytes_max_{limits.header_bytes_max},
      timeout_{limits.timeout},
      body_timeout_{limits.body_timeout},
      proxies_{read_proxy_wishes(settings.proxy)},
      parsed_origin_{nullptr, [](CURLU* url) { curl_url_cleanup(url); }},
      easy_{curl_easy_init(), [](void* easy) { curl_easy_cleanup(easy); }} {
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
    // What apt speaks. And with HTTP/2 two transfers share a connection, where libcurl 7.88 refuses
    // to change the buffer of the one that has ended while the other goes on.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    // At the end of each transfer libcurl looks through all names for some that are too old.
    set(CURLOPT_DNS_CACHE_TIMEOUT, -1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // no waiting for the resolver that a proxy's name needs
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_BUFFERSIZE, head_buffer_bytes);
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
    // A connection outlives the transfer that opened it.
    set(CURLOPT_CLOSESOCKETFUNCTION, &CurlTransfer::on_close_socket);
    set(CURLOPT_CLOSESOCKETDATA, &around_.shard.sockets());

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
    if (!is_proxy_configured(proxies_)) {
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
    addresses_ = {};
    addresses_.append(entry);
    set(CURLOPT_RESOLVE, addresses_.get());
}

void CurlTransfer::connect_alone_to(const std::string& address) {
    const bool is_v6 = address.find(':') != std::string::npos;
    const auto entry = is_v6 ? fmt::format("::[{}]:", address) : fmt::format("::{}:", address);
    addresses_ = {};
    addresses_.append(entry);
    set(CURLOPT_CONNECT_TO, addresses_.get());
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
}

void CurlTransfer::only_shake_hands(Handshake handshake) {
    const long is_verified = handshake == Handshake::verified ? 1 : 0;
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    keep(Keep::certificates);
    set(CURLOPT_SSL_SESSIONID_CACHE, 0L);  // who resumes a session shows no certificate
    set(CURLOPT_SSL_VERIFYPEER, is_verified);
    set(CURLOPT_SSL_VERIFYHOST, is_verified * 2);
}

void CurlTransfer::keep(Keep what) {
    if (what != kept_) {
        set(CURLOPT_CERTINFO, what == Keep::certificates ? 1L : 0L);
        kept_ = what;
    }
}

std::vector<ShownCertificate> CurlTransfer::certificates() const {
    return certificates_of(easy_.get());
}

asio::awaitable<void> CurlTransfer::run(std::string_view url, Method method,
                                        const GetRequest* wish) {
    wish_ = wish;
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
    const auto target = end_.is_through_proxy ? std::nullopt : find_verbatim_target(url);
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
    end_ = {};
    end_.is_through_proxy = is_proxied(proxies_, url);
    set_url(url);
    if (method != method_ || method == Method::get) {
        set_method(method);
    }
    end_.is_ftp = url.starts_with("ftp:");
    header_bytes_ = 0;
    body_bytes_ = 0;
    body_.reset();
    is_web_page_ = false;
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
    if (method == Method::get) {
        body_.emplace(*wish_);
        watch_ = std::make_unique<BodyWatch>(
            around_.executor, timeout_,
            BodyWatch::Questions{.progress = [this] { return progress(); },
                                 .stalled = [this] { stall(); }});
    }
    around_.shard.start(*this);
}

/// Leaves nothing of a GET behind for the HEADs that follow it.
void CurlTransfer::set_method(Method method) {
    if (method != method_) {
        const bool has_body = method == Method::get;
        set(method == Method::head ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1L);
        // A transfer that had no connection left its buffer to the next, whose size then stays:
        // libcurl 7.88 refuses another, and either will do.
        curl_easy_setopt(easy_.get(), CURLOPT_BUFFERSIZE,
                         has_body ? body_buffer_bytes : head_buffer_bytes);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>((has_body ? body_timeout_ : timeout_).count()));
        method_ = method;
    }
    set_conditions();
}

void CurlTransfer::set_conditions() {
    conditions_ = {};
    const auto add = [this](std::string_view name, const std::string& value) {
        if (can_be_sent(value)) {
            conditions_.append(fmt::format("{}: {}", name, value));
        }
    };
    if (method_ == Method::get) {
        add("If-None-Match", wish_->if_none_match);
        add("If-Modified-Since", wish_->if_modified_since);
    }
    set(CURLOPT_HTTPHEADER, conditions_.get());
}

BodyWatch::Progress CurlTransfer::progress() const {
    return {.has_begun = end_.has_all_headers || body_bytes_ > 0, .bytes = body_bytes_};
}

void CurlTransfer::stall() {
    fill_end(CURLE_OPERATION_TIMEDOUT);
    around_.shard.stop(*this);
    const auto words = end_.has_all_headers
                           ? fmt::format("{} bytes of the body came, but too few in the last {} ms",
                                         body_bytes_, timeout_.count())
                           : fmt::format("no whole answer within {} ms", timeout_.count());
    error_text_.at(words.copy(error_text_.data(), error_text_.size() - 1)) = '\0';
    complete({});
}

void CurlTransfer::finish(int code) {
    fill_end(code);
    complete({});
}

void CurlTransfer::fill_end(int code) {
    const auto info = [this](CURLINFO what) {
        long value = 0;
        curl_easy_getinfo(easy_.get(), what, &value);
        return value;
    };
    if (is_cut() || (method_ == Method::get && end_.has_all_headers && end_.status != status_ok)) {
        code = CURLE_OK;  // what is missing is of no interest
        error_text_.front() = '\0';
    }
    end_.code = code;
    end_.status = static_cast<int>(info(CURLINFO_RESPONSE_CODE));
    curl_off_t length = -1;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    end_.content_length = length;
    // A file of ftp is there if its size is, or itself.
    end_.is_size_known = end_.is_ftp && (length >= 0 || method_ == Method::get);
    if (code != CURLE_OK) {
        if (end_.system_error == 0) {
            end_.system_error = static_cast<int>(info(CURLINFO_OS_ERRNO));
        }
        end_.verify_result = info(CURLINFO_SSL_VERIFYRESULT);
        end_.tunnel_status = static_cast<int>(info(CURLINFO_HTTP_CONNECTCODE));
        if (end_.has_all_headers && code == CURLE_WRITE_ERROR) {
            error_text_.front() = '\0';  // it was us who stopped
        }
    }
}

void CurlTransfer::cancel() {
    around_.shard.stop(*this);
    is_cancelled_ = true;
    complete({});
}

void CurlTransfer::complete(error_code ec) {
    watch_.reset();
    wish_ = nullptr;
    asio::get_associated_cancellation_slot(*done_).clear();
    // Posted: who waits may end this transfer, which its shard is still looking at.
    asio::post(around_.executor, [done = std::move(*done_), ec]() mutable { std::move(done)(ec); });
    done_.reset();
}

std::string CurlTransfer::header(const char* name) const {
    curl_header* header = nullptr;
    const auto code = curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, -1, &header);
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
        end_.status = static_cast<int>(status);
        end_.has_all_headers = status >= final_status_min;
        if (end_.has_all_headers && method_ == Method::get_headers) {
            return 0;  // The body is not worth a byte.
        }
    }
    if (is_content_type(line)) {
        is_web_page_ = is_html(line);
    }
    return line.size();
}

std::size_t CurlTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<CurlTransfer*>(self)->take_body({data, size * count});
}

/// Less than all of the piece ends the transfer.
std::size_t CurlTransfer::take_body(std::string_view piece) {
    body_bytes_ += piece.size();
    if (method_ != Method::get) {
        return end_.is_ftp ? piece.size() : 0;
    }
    if (!end_.is_ftp && end_.status != status_ok) {
        return body_bytes_ <= unwanted_bytes_max ? piece.size() : 0;
    }
    return body_->take(piece);
}

int CurlTransfer::on_connected(void* self, char* /*primary_ip*/, char* /*local_ip*/,
                               int /*primary_port*/, int /*local_port*/) {
    static_cast<CurlTransfer*>(self)->end_.is_connected = true;
    return CURL_PREREQFUNC_OK;
}

int CurlTransfer::on_open_socket(void* self, int /*purpose*/, curl_sockaddr* address) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    const int fd = transfer.around_.shard.sockets().open(
        address->family, address->socktype, address->protocol, transfer.around_.sockets);
    if (fd < 0) {
        transfer.end_.system_error = errno;
    }
    return fd;
}

int CurlTransfer::on_close_socket(void* sockets, int fd) {
    static_cast<CurlSockets*>(sockets)->close(fd);
    return 0;
}

}  // namespace prober
