#pragma once

#include "prober/curl_body.hpp"
#include "prober/curl_lines.hpp"
#include "prober/curl_outcome.hpp"
#include "prober/http_client.hpp"
#include "prober/proxy_choice.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Curl_URL;
struct curl_sockaddr;

namespace prober {

class CurlShard;
struct CurlSettings;
struct HostSockets;
struct ShownCertificate;

enum class Method { head, get_headers, get };  // get_headers: the body is not read

enum class Handshake { verified, unverified };

enum class Keep { nothing, certificates };

/// One easy handle of libcurl, which serves one place of one host for the whole
/// run: kept handles resume TLS sessions, and cost nothing to set up again.
class CurlTransfer {
public:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    /// What outlives the transfer and is shared with others.
    struct Surroundings {
        asio::any_io_executor executor;
        CurlShard& shard;
        HostSockets& sockets;
    };

    CurlTransfer(Surroundings, const HttpLimits&, const CurlSettings&);
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    /// From the next request on, `host` at `port` is at these addresses.
    void use_addresses(const std::string& host_and_port, const std::vector<std::string>& addresses);

    /// From the next request on, each has a connection of its own, to that address.
    void connect_alone_to(const std::string& address);
    /// From the next request on, each ends with the TLS handshake, and nothing is asked.
    void only_shake_hands(Handshake handshake);
    /// From the next request on, what a server shows in a handshake is kept, or not; it
    /// takes libcurl some time to write it down.
    void keep(Keep what);
    /// What the server showed in the handshake of the last request, its own first; empty if
    /// there was none, or nothing is kept.
    std::vector<ShownCertificate> certificates() const;

    /// One request, to its end; `end` then says what came of it. For Method::get,
    /// `wish` stays where it is until then.
    asio::awaitable<void> run(std::string_view url, Method method,
                              const GetRequest* wish = nullptr);

    const TransferEnd& end() const noexcept { return end_; }
    bool is_cancelled() const noexcept { return is_cancelled_; }
    /// libcurl's words on the failure of the last request, or nothing.
    std::string_view detail() const noexcept { return error_text_.data(); }
    /// A header of the last answer, or nothing.
    std::string header(const char* name) const;
    bool is_web_page() const noexcept { return is_web_page_; }
    std::uint64_t bytes() const noexcept { return header_bytes_ + body_bytes_; }
    std::uint64_t sunk_bytes() const noexcept { return body_ ? body_->bytes() : 0; }
    bool is_cut() const noexcept { return body_ && body_->is_cut(); }
    /// What the sink of the last request threw, once.
    std::exception_ptr take_sink_error() noexcept { return body_ ? body_->take_error() : nullptr; }

    /// Ends the request that is under way as cancelled.
    void cancel();

    // For the shard.
    void* easy() const noexcept { return easy_.get(); }
    void finish(int code);
    std::size_t position = nowhere;  // among the shard's transfers that are under way

private:
    using Done = asio::any_completion_handler<void(boost::system::error_code)>;

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static int on_connected(void* self, char*, char*, int, int);
    static int on_open_socket(void* self, int purpose, curl_sockaddr* address);
    static int on_close_socket(void* sockets, int fd);

    template <class Value>
    void set(int option, Value value);
    void set_up(const HttpLimits& limits, const CurlSettings& settings);
    std::size_t take_header(std::string_view line);
    void set_url(const std::string& url);
    bool keep_origin(std::string_view origin);
    std::size_t take_body(std::string_view piece);
    void set_method(Method method);
    void set_conditions();
    BodyWatch::Progress progress() const;
    void stall();
    void fill_end(int code);
    void begin(const std::string& url, Method method, Done done);
    void complete(boost::system::error_code ec);

    Surroundings around_;
    std::size_t header_bytes_max_;
    std::chrono::milliseconds timeout_;
    std::chrono::milliseconds body_timeout_;
    ProxyWishes proxies_;
    std::string origin_;  // of the URL that libcurl has as `parsed_origin_`; empty: none
    std::unique_ptr<Curl_URL, void (*)(Curl_URL*)> parsed_origin_;
    std::unique_ptr<void, void (*)(void*)> easy_;
    CurlLines addresses_;
    CurlLines conditions_;
    Method method_ = Method::head;
    Keep kept_ = Keep::nothing;
    const GetRequest* wish_ = nullptr;  // of the request that is under way
    std::unique_ptr<BodyWatch> watch_;  // of the request that is under way; null: none needed
    std::optional<BodySink> body_;
    std::size_t header_bytes_ = 0;
    std::uint64_t body_bytes_ = 0;
    bool is_web_page_ = false;
    TransferEnd end_;
    bool is_cancelled_ = false;
    std::array<char, 256> error_text_{};  // CURL_ERROR_SIZE
    std::optional<Done> done_;            // Boost 1.81 cannot assign a Done, only make one
};

}  // namespace prober
