#include "prober/curl_client.hpp"

#include "model/host_tally.hpp"
#include "model/mirror_url.hpp"
#include "model/redirect.hpp"
#include "prober/curl_outcome.hpp"
#include "prober/curl_shard.hpp"
#include "prober/curl_transfer.hpp"
#include "prober/loop_lag.hpp"
#include "prober/name_lookup.hpp"
#include "prober/request_permits.hpp"
#include "prober/url_origin.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

namespace prober {
namespace {

using model::Outcome;
using model::OutcomeKind;

constexpr std::size_t connections_per_shard = 500;
constexpr std::size_t lookups_max = 16;
constexpr int late_timeouts_max = 2;                          // asked again this often
constexpr std::chrono::milliseconds timeouts_apart_max{100};  // of requests that began together
constexpr auto work_under_way = std::numeric_limits<std::size_t>::max();

/// Why a URL is not even asked for, or not any more.
struct Refusal {
    Outcome outcome;
    std::string detail;
};

/// One host name and what this run knows of it.
struct Host {
    std::string name;
    std::size_t number = 0;
    HostSockets sockets;
    model::HostTally tally;
    bool has_answered_head = false;
    std::map<std::uint16_t, Refusal> bad_certificates;     // by port
    std::vector<std::uint16_t> ports_with_addresses;       // that libcurl was told
    std::vector<std::unique_ptr<CurlTransfer>> transfers;  // by slot; null until used
};

std::vector<std::size_t> share_out(std::size_t requests_max) {
    const auto shards = (requests_max + connections_per_shard - 1) / connections_per_shard;
    std::vector<std::size_t> shares(shards, requests_max / shards);
    for (std::size_t shard = 0; shard < requests_max % shards; ++shard) {
        ++shares[shard];
    }
    return shares;
}

void initialise_libcurl() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        throw std::runtime_error(fmt::format("start libcurl: {}", curl_easy_strerror(code)));
    }
}

/// What all lanes share. Lanes keep it alive, so that the order in which a
/// client and the coroutines that use it go does not matter.
class Core {
public:
    Core(asio::any_io_executor executor, HttpLimits http_limits, CurlSettings curl_settings);
    ~Core() { close(); }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    Host& host(const std::string& name);
    CurlTransfer& transfer(Host& host, std::size_t slot);
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
    bool is_cancelled = false;

private:
    bool rest_when_idle();

    std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
    std::vector<std::unique_ptr<CurlShard>> shards_;  // last: their connections point to hosts
};

Core::Core(asio::any_io_executor loop, HttpLimits http_limits, CurlSettings curl_settings)
    : executor{std::move(loop)},
      limits{http_limits},
      settings{std::move(curl_settings)},
      is_lookup_ours{!is_proxy_configured(settings)},
      permits{std::make_shared<RequestPermits>(
          executor, RequestPermits::Limits{.per_shard = share_out(limits.requests_max),
                                           .per_host = limits.requests_per_host_max})},
      names{executor,
            {.timeout = limits.connect_timeout, .lookups_max = lookups_max},
            resolve_with_system},
      lag{executor, [this] { return rest_when_idle(); }} {
    for (const std::size_t share : share_out(limits.requests_max)) {
        shards_.push_back(std::make_unique<CurlShard>(executor, share));
    }
}

Host& Core::host(const std::string& name) {
    auto& known = hosts_[name];
    if (!known) {
        known = std::make_unique<Host>();
        known->name = name;
        known->number = permits->add_host();
        known->sockets.open_max = limits.requests_per_host_max;
    }
    return *known;
}

CurlTransfer& Core::transfer(Host& host, std::size_t slot) {
    if (slot >= host.transfers.size()) {
        host.transfers.resize(slot + 1);
    }
    auto& known = host.transfers[slot];
    if (!known) {
        known = std::make_unique<CurlTransfer>(
            CurlTransfer::Surroundings{.executor = executor,
                                       .shard = *shards_.at(permits->shard_of(host.number)),
                                       .sockets = host.sockets},
            limits, settings);
    }
    return *known;
}

bool Core::rest_when_idle() {
    const bool is_idle = std::all_of(shards_.begin(), shards_.end(),
                                     [](const auto& shard) { return shard->is_idle(); });
    if (is_idle) {
        for (const auto& shard : shards_) {
            shard->rest();
        }
    }
    return !is_idle;
}

void Core::cancel() {
    is_cancelled = true;
    permits->close();
    names.cancel();
    for (const auto& shard : shards_) {
        while (!shard->is_idle()) {
            shard->under_way().back()->cancel();
        }
    }
}

void Core::close() {
    cancel();
    lag.stop();
    for (const auto& shard : shards_) {
        shard->rest();
    }
}

class CurlLane final : public Lane {
public:
    CurlLane(std::shared_ptr<Core> core, Host* host, Permit permit)
        : core_{std::move(core)}, home_{host}, host_{host}, permit_{std::move(permit)} {}

    asio::awaitable<Answer> head(std::string url) override;

private:
    using MaybeRefusal = std::optional<Refusal>;

    bool is_at(std::string_view url) const noexcept;
    MaybeRefusal standing_refusal() const;
    asio::awaitable<MaybeRefusal> go_to(std::string url);
    asio::awaitable<MaybeRefusal> find_addresses(UrlOrigin origin);
    asio::awaitable<void> ask(std::string url, Answer& answer);
    asio::awaitable<void> wait_for_others();
    asio::awaitable<Outcome> ask_once(const std::string& url, Method method, Answer& answer);
    bool is_believed(Outcome outcome, LoopLag::Clock::time_point started) const;
    void note(Outcome outcome, Method method, std::string_view detail);

    std::shared_ptr<Core> core_;
    Host* home_;  // null where a lane was opened for no URL at all
    Host* host_;
    Permit permit_;
    CurlTransfer* transfer_ = nullptr;
    std::string origin_;  // scheme, host and port, as the last URL began
    std::uint16_t port_ = 0;
};

bool CurlLane::is_at(std::string_view url) const noexcept {
    return permit_ && !origin_.empty() && url.starts_with(origin_) &&
           url.substr(origin_.size()).starts_with('/');
}

CurlLane::MaybeRefusal CurlLane::standing_refusal() const {
    if (core_->is_cancelled) {
        return Refusal{{OutcomeKind::cancelled}, {}};
    }
    if (!host_->bad_certificates.empty()) {
        const auto bad = host_->bad_certificates.find(port_);
        if (bad != host_->bad_certificates.end()) {
            return bad->second;
        }
    }
    if (model::is_hopeless(host_->tally)) {
        return Refusal{{OutcomeKind::skipped}, {}};
    }
    return std::nullopt;
}

/// Gets the right to ask the URL's host, and to know where it is.
asio::awaitable<CurlLane::MaybeRefusal> CurlLane::go_to(std::string url) {
    origin_.clear();
    const auto origin = parse_origin(url);
    if (!origin) {
        co_return Refusal{{OutcomeKind::invalid_answer}, "not a URL that can be asked"};
    }
    auto& host = core_->host(model::host_of(url));
    if (!permit_ || &host != host_) {
        // Given back before the next is asked for: who held one while waiting
        // for another could wait for ever.
        permit_.give_back();
        host_ = &host;
        permit_ = co_await core_->permits->acquire(host.number, work_under_way);
        if (!permit_) {
            co_return Refusal{{OutcomeKind::cancelled}, {}};
        }
    }
    port_ = origin->port;
    transfer_ = &core_->transfer(host, permit_.slot());
    auto refusal = standing_refusal();
    if (!refusal && core_->is_lookup_ours && !origin->is_address) {
        refusal = co_await find_addresses(*origin);
    }
    if (!refusal) {
        origin_ = url.substr(0, origin->length);
    }
    co_return refusal;
}

asio::awaitable<CurlLane::MaybeRefusal> CurlLane::find_addresses(UrlOrigin origin) {
    auto& told = host_->ports_with_addresses;
    if (std::find(told.begin(), told.end(), origin.port) != told.end()) {
        co_return std::nullopt;
    }
    const auto found = co_await core_->names.look_up(host_->name);
    if (found.addresses.empty()) {
        co_return Refusal{{found.failure}, found.detail};
    }
    // The shard remembers them for all transfers to this host.
    transfer_->use_addresses(fmt::format("{}:{}", origin.host, origin.port), found.addresses);
    told.push_back(origin.port);
    co_return std::nullopt;
}

asio::awaitable<Answer> CurlLane::head(std::string url) {
    Answer answer;
    for (int hops = 0;; ++hops) {
        MaybeRefusal refusal;
        if (!is_at(url)) {
            refusal = co_await go_to(url);
        }
        if (!refusal) {
            refusal = standing_refusal();
        }
        if (refusal) {
            answer.outcome = refusal->outcome;
            answer.detail = refusal->detail;
            break;
        }
        co_await ask(url, answer);
        if (model::is_timeout(answer.outcome.kind) && host_->tally.answers == 0) {
            co_await wait_for_others();
        }
        if (answer.outcome.kind != OutcomeKind::http_status ||
            !model::is_redirect(answer.outcome.status)) {
            break;
        }
        const auto location = transfer_->location();
        auto next = model::follow_redirect(url, location, hops, core_->limits.redirects_max);
        if (!next) {
            answer.outcome = {next.error()};
            answer.detail = fmt::format("{} redirects to \"{}\"", url, location);
            break;
        }
        url = std::move(*next);
        answer.final_url = url;
    }
    if (host_ != home_) {
        permit_.give_back();
    }
    co_return answer;
}

/// What was asked of a silent host at the same time is about to time out too. Without
/// its word the host would be asked once more, and cost another time limit.
asio::awaitable<void> CurlLane::wait_for_others() {
    asio::steady_timer timer(core_->executor, timeouts_apart_max);
    boost::system::error_code over;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, over));
}

asio::awaitable<void> CurlLane::ask(std::string url, Answer& answer) {
    answer.outcome = co_await ask_once(url, Method::head, answer);
    if (is_get_worth_trying(answer.outcome, host_->has_answered_head) && !transfer_->end().is_ftp) {
        answer.outcome = co_await ask_once(url, Method::get_headers, answer);
    }
}

asio::awaitable<Outcome> CurlLane::ask_once(const std::string& url, Method method, Answer& answer) {
    for (int tries = 0;; ++tries) {
        const auto started = LoopLag::Clock::now();
        core_->lag.watch();
        ++answer.requests;
        co_await transfer_->run(url, method);
        const auto outcome = transfer_->is_cancelled() ? Outcome{OutcomeKind::cancelled}
                                                       : to_outcome(transfer_->end());
        if (is_believed(outcome, started)) {
            answer.detail = transfer_->detail();
            note(outcome, method, answer.detail);
            co_return outcome;
        }
        if (tries == late_timeouts_max) {
            answer.detail = "the time limit passed while this program itself was late";
            co_return Outcome{OutcomeKind::prober_trouble};
        }
    }
}

bool CurlLane::is_believed(Outcome outcome, LoopLag::Clock::time_point started) const {
    if (!model::is_timeout(outcome.kind)) {
        return true;
    }
    const auto time_limit = outcome.kind == OutcomeKind::timeout_connect
                                ? core_->limits.connect_timeout
                                : core_->limits.timeout;
    return is_timeout_credible(core_->lag.worst_since(started), time_limit);
}

void CurlLane::note(Outcome outcome, Method method, std::string_view detail) {
    if (model::is_inconclusive(outcome.kind)) {
        return;
    }
    ++host_->tally.requests;
    host_->tally.timeouts += model::is_timeout(outcome.kind) ? 1 : 0;
    host_->tally.answers += transfer_->end().status != 0 ? 1 : 0;
    host_->has_answered_head |= method == Method::head && outcome.is_ok();
    if (model::is_tls_failure(outcome.kind) && outcome.kind != OutcomeKind::tls_failed) {
        host_->bad_certificates.try_emplace(port_, Refusal{outcome, std::string(detail)});
    }
}

class CurlClient final : public HttpClient {
public:
    explicit CurlClient(std::shared_ptr<Core> core) : core_{std::move(core)} {}
    ~CurlClient() override { core_->close(); }
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    asio::awaitable<std::unique_ptr<Lane>> open_lane(std::string url, std::size_t work) override {
        const auto core = core_;
        auto& host = core->host(model::host_of(url));
        auto permit = co_await core->permits->acquire(host.number, work);
        co_return std::make_unique<CurlLane>(core, &host, std::move(permit));
    }

    void cancel() override { core_->cancel(); }

private:
    std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(asio::any_io_executor executor, HttpLimits limits,
                                             CurlSettings settings) {
    initialise_libcurl();
    if (settings.ca_bundle.empty()) {
        settings.ca_bundle = find_ca_bundle();
    }
    return std::make_unique<CurlClient>(
        std::make_shared<Core>(std::move(executor), limits, std::move(settings)));
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
    constexpr std::array<const char*, 7> variables{"http_proxy", "https_proxy", "HTTPS_PROXY",
                                                   "ftp_proxy",  "FTP_PROXY",   "all_proxy",
                                                   "ALL_PROXY"};
    return !settings.proxy.empty() ||
           std::any_of(variables.begin(), variables.end(), [](const char* variable) {
               const char* const value = std::getenv(variable);
               return value != nullptr && *value != '\0';
           });
}

}  // namespace prober
