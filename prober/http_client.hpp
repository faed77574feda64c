#pragma once

#include "model/host_findings.hpp"
#include "model/host_rules.hpp"
#include "model/observation.hpp"
#include "model/outcome.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prober {

namespace asio = boost::asio;

/// Every bound that requests obey. Callers say all of them.
struct HttpLimits {
    std::size_t requests_max;           // at once, in all (N)
    std::size_t requests_per_host_max;  // at once, to one host name (M)
    std::chrono::milliseconds connect_timeout;
    /// Of one request of a chain, counted from when it starts. A body may take longer
    /// as long as it keeps coming, see `Lane::get`.
    std::chrono::milliseconds timeout;
    std::chrono::milliseconds body_timeout;  // of one request, its body included
    /// That all requests to one host wait together because it asks for time, with 429 or
    /// with 503 and Retry-After. A host that asks for more is not asked again in this run.
    std::chrono::milliseconds pause_max;
    int redirects_max;
    std::size_t header_bytes_max;
};

/// What an owner asked of us that kept us from asking.
enum class HostWish : std::uint8_t {
    none,
    come_later,   // it asks for more time than a run has: nothing is said of its files
    leave_alone,  // the path is disallowed in /.well-known/mirrorwarden.txt
};

struct Answer {
    model::Outcome outcome;
    HostWish host_wish = HostWish::none;
    std::string final_url;       // where the last request went, if redirected; else empty
    std::string detail;          // libcurl's or the system's words on a failure; may be empty
    std::uint32_t requests = 0;  // really sent, redirects and second tries included
    std::uint64_t bytes = 0;     // received with them: heads and bodies

    // Of the last answer:
    std::optional<std::uint64_t> content_length;      // as it was announced
    bool is_web_page = false;                         // text/html
    std::optional<std::chrono::seconds> retry_after;  // from now; only with 429 and 503
};

/// A file whose body is wanted.
struct GetRequest {
    std::string url;
    std::uint64_t bytes_max = 0;  // of the body; the rest is not read
    /// What an earlier answer of the same URL said; empty: not asked for. Text that no
    /// header can carry is not sent.
    std::string if_none_match;
    std::string if_modified_since;
    /// Gets the body of a 200 piece by piece, and of no other answer; says false when it
    /// has enough. What it throws, `get` throws. After a failure its pieces are worthless.
    std::function<bool(std::string_view piece)> sink;
};

struct GetAnswer : Answer {
    std::string etag;
    std::string last_modified;
    std::string date;              // all three as the server wrote them
    std::uint64_t body_bytes = 0;  // that the sink got
    bool is_cut = false;           // by bytes_max or the sink: there is more, or may be
};

/// A host's addresses, and what it cost to learn of them.
struct AddressAnswers {
    std::vector<model::AddressState> states;
    std::uint32_t requests = 0;
};

/// A host's certificate, if it shows one, and what it cost to read.
struct CertificateAnswer {
    std::optional<model::CertificateState> certificate;
    std::uint32_t connections = 0;
};

/// The right to have one request at a time under way to one host, and the
/// connection that goes with it. Destroying it hands both on.
class Lane {
public:
    virtual ~Lane() = default;

    /// HEAD, redirects followed, GET where HEAD is refused; never throws for what a
    /// server does. Cancelling the coroutine aborts the transfer.
    virtual asio::awaitable<Answer> head(std::string url) = 0;

    /// GET, with the same rules; a 304 is `http_status 304`. The head must be there within
    /// `HttpLimits::timeout`; from then on each such time must bring 1,000 bytes a second,
    /// and all of it must be there within `body_timeout`.
    virtual asio::awaitable<GetAnswer> get(GetRequest request) = 0;

    /// Greets the daemon of an rsync:// URL, of this host or another, and has it list its
    /// modules; see rsync_check.hpp. Nobody is asked where a proxy is configured: `skipped`.
    virtual asio::awaitable<model::RsyncFacts> greet_rsync(std::string url) = 0;
};

/// Asks the network, within its limits. Abstract so that probing is tested
/// without one: curl_client.hpp (real), testing/scripted_http_client.hpp (fake).
/// One thread: that of the executor. Must outlive its lanes.
class HttpClient {
public:
    virtual ~HttpClient() = default;

    /// Waits until a request to the host of `url` is allowed. Where more lanes are
    /// asked for than there may be, those with the largest `work` (requests that
    /// are still to be made) come first.
    virtual asio::awaitable<std::unique_ptr<Lane>> open_lane(std::string url, std::size_t work) = 0;

    /// One HEAD of `url` at each address of its host, on a connection of its own; at most
    /// `addresses_per_family_max` of A and of AAAA. A redirect is not followed: it is `ok`,
    /// for the address answered. An address that this machine has no route to, because it
    /// has none for the whole family, is `prober_trouble`. A host without an address has
    /// one entry with an empty address, and none if a proxy looks names up for us.
    ///
    /// Nothing is asked of a host's only address that lanes have asked before: it is `ok` if it
    /// ever answered them. The addresses of a host that was given up are `skipped`.
    ///
    /// Waits for no permit: hold a lane to that host, and ask nothing on it meanwhile.
    virtual asio::awaitable<AddressAnswers> connect_each(std::string url) = 0;

    /// The certificate that the host of an https URL shows, be it valid or not; nothing
    /// where there is none to be had. Where a lane has shaken hands with it, that one; else a
    /// connection is made for it. Hold a lane here, too. Nothing but the handshake is believed
    /// of a server whose certificate is not valid.
    virtual asio::awaitable<CertificateAnswer> certificate(std::string url) = 0;

    static constexpr std::size_t addresses_per_family_max = 8;

    /// What the owner of that host and port asks of us, once it is known; empty where there
    /// are no rules.
    virtual std::optional<model::HostRules> rules_of(const std::string& url) const = 0;

    /// From now on, and for what is under way, every answer is `cancelled`.
    virtual void cancel() = 0;
};

}  // namespace prober
