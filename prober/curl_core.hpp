#pragma once

#include "model/host_tally.hpp"
#include "model/outcome.hpp"
#include "prober/curl_client.hpp"
#include "prober/curl_shard.hpp"
#include "prober/curl_sockets.hpp"
#include "prober/curl_transfer.hpp"
#include "prober/host_manners.hpp"
#include "prober/loop_lag.hpp"
#include "prober/name_lookup.hpp"
#include "prober/request_permits.hpp"
#include "prober/shown_certificate.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace prober {

/// Why a URL is not even asked for, or not any more.
struct Refusal {
    model::Outcome outcome;
    std::string detail;
    HostWish wish = HostWish::none;
};

/// One port of a host, and what its owner asks of us.
struct CurlSite {
    explicit CurlSite(const asio::any_io_executor& executor)
        : answered{executor, asio::steady_timer::time_point::max()} {}

    HostManners manners;
    bool is_asked = false;        // for its rules, and that is over
    std::size_t rules_lost = 0;   // questions for them that timed out
    bool has_been_tried = false;  // by a file, while they were asked for
    std::size_t askers = 0;       // lanes that ask for either now
    /// Cancelled when one of those is done; fires when a file should be tried.
    asio::steady_timer answered;

    model::HostTally tally;
    std::optional<model::Outcome> latest;  // of the requests that said something
    bool has_answered_head = false;
    std::vector<ShownCertificate> certificates;  // shown in a handshake
    long verify_result = 0;                      // why one failed: X509_V_ERR_...
    std::optional<Refusal> bad_certificate;
};

/// One host name and what this run knows of it.
struct CurlHost {
    std::string name;
    std::size_t number = 0;
    HostSockets sockets;
    model::HostTally tally;                                // of all its ports
    std::map<std::uint16_t, CurlSite> sites;               // by port
    std::vector<std::uint16_t> ports_with_addresses;       // that libcurl was told
    std::vector<std::unique_ptr<CurlTransfer>> transfers;  // by slot; null until used
};

KnownAnswers known_answers(const CurlSite&) noexcept;

/// Whether nothing more is asked there: all that would come is another timeout.
bool is_given_up(const CurlHost&, const CurlSite&) noexcept;

/// How many requests at once each shard may have: `requests_max` in all, in shares that
/// the places of whole hosts fill. `per_host_max` is at least 1.
std::vector<std::size_t> share_out(std::size_t requests_max, std::size_t per_host_max);

/// What all lanes of a client share. Lanes keep it alive, so that the order in which
/// the client and the coroutines that use it go does not matter.
class CurlCore {
public:
    CurlCore(asio::any_io_executor loop, HttpLimits http_limits, CurlSettings curl_settings);
    ~CurlCore() { close(); }
    CurlCore(const CurlCore&) = delete;
    CurlCore& operator=(const CurlCore&) = delete;

    /// Begins to know the host if it is new. It lives as long as the core.
    CurlHost& host(const std::string& name);
    /// For who holds the host's permit of that slot.
    CurlTransfer& transfer(CurlHost& host, std::size_t slot);
    /// One more, of whoever holds a permit of that host.
    std::unique_ptr<CurlTransfer> make_transfer(CurlHost& host);
    /// False for a timeout that came while the loop was late, see is_timeout_credible.
    bool is_believed(model::Outcome outcome, LoopLag::Clock::time_point started) const;
    CurlSite& site(CurlHost& host, std::uint16_t port);
    /// Null if it was never asked for.
    const CurlSite* find_site(const std::string& host_name, std::uint16_t port) const;
    /// Why nothing more is asked of that port of the host, if so.
    std::optional<Refusal> standing_refusal(const CurlHost& host, const CurlSite& site) const;
    /// Comes back early when the core is cancelled.
    asio::awaitable<void> pause_until(HostManners::Clock::time_point when);
    /// Ends whatever is under way as cancelled, and refuses the rest.
    void cancel();
    /// Drops whatever is under way, and the coroutines that wait for it.
    void close();

    const asio::any_io_executor executor;
    const HttpLimits limits;
    const CurlSettings settings;
    const bool is_lookup_ours;
    const std::shared_ptr<RequestPermits> permits;
    NameLookup names;
    LoopLag lag;
    /// Of what is no transfer, and ends when the core is cancelled; each takes itself out.
    std::set<asio::cancellation_signal*> conversations;
    bool is_cancelled = false;

private:
    bool rest_when_idle();
    void rest();

    std::set<std::shared_ptr<asio::steady_timer>> pauses_;
    std::unordered_map<std::string, std::unique_ptr<CurlHost>> hosts_;
    CurlSockets sockets_;                             // its sockets point to hosts
    std::vector<std::unique_ptr<CurlShard>> shards_;  // last: they close sockets
};

}  // namespace prober
