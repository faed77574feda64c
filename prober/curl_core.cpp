#include "prober/curl_core.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <utility>

namespace prober {
namespace {

constexpr std::size_t connections_per_shard = 100;
constexpr std::size_t lookups_max = 16;

}  // namespace

KnownAnswers known_answers(const CurlSite& site) noexcept {
    if (site.has_answered_head) {
        return KnownAnswers::head;
    }
    return site.tally.answers > 0 ? KnownAnswers::some : KnownAnswers::none;
}

bool is_given_up(const CurlHost& host, const CurlSite& site) noexcept {
    return model::is_mute(site.tally) || model::is_hopeless(host.tally);
}

std::vector<std::size_t> share_out(std::size_t requests_max, std::size_t per_host_max) {
    const auto places = requests_max / per_host_max;
    const auto wanted = (requests_max + connections_per_shard - 1) / connections_per_shard;
    const auto shards = std::clamp(wanted, std::size_t{1}, std::max(places, std::size_t{1}));
    std::vector<std::size_t> shares(shards, places / shards * per_host_max);
    for (std::size_t shard = 0; shard < places % shards; ++shard) {
        shares[shard] += per_host_max;
    }
    shares.back() += requests_max % per_host_max;
    return shares;
}

CurlCore::CurlCore(asio::any_io_executor loop, HttpLimits http_limits, CurlSettings curl_settings)
    : executor{std::move(loop)},
      limits{http_limits},
      settings{std::move(curl_settings)},
      is_lookup_ours{!is_proxy_configured(settings)},
      permits{std::make_shared<RequestPermits>(
          executor, RequestPermits::Limits{.per_shard = share_out(limits.requests_max,
                                                                  limits.requests_per_host_max),
                                           .per_host = limits.requests_per_host_max})},
      names{executor,
            {.timeout = limits.connect_timeout, .lookups_max = lookups_max},
            settings.resolver ? settings.resolver : resolve_with_system},
      lag{executor, [this] { return rest_when_idle(); }},
      sockets_{executor} {
    for (const std::size_t share : share_out(limits.requests_max, limits.requests_per_host_max)) {
        shards_.push_back(std::make_unique<CurlShard>(executor, sockets_, share));
    }
}

CurlHost& CurlCore::host(const std::string& name) {
    auto& known = hosts_[name];
    if (!known) {
        known = std::make_unique<CurlHost>();
        known->name = name;
        known->number = permits->add_host();
        known->sockets.open_max = limits.requests_per_host_max;
    }
    return *known;
}

CurlTransfer& CurlCore::transfer(CurlHost& host, std::size_t slot) {
    if (slot >= host.transfers.size()) {
        host.transfers.resize(slot + 1);
    }
    auto& known = host.transfers[slot];
    if (!known) {
        known = make_transfer(host);
    }
    return *known;
}

std::unique_ptr<CurlTransfer> CurlCore::make_transfer(CurlHost& host) {
    return std::make_unique<CurlTransfer>(
        CurlTransfer::Surroundings{.executor = executor,
                                   .shard = *shards_.at(permits->shard_of(host.number)),
                                   .sockets = host.sockets},
        limits, settings);
}

bool CurlCore::is_believed(model::Outcome outcome, LoopLag::Clock::time_point started) const {
    if (!model::is_timeout(outcome.kind)) {
        return true;
    }
    const auto time_limit = outcome.kind == model::OutcomeKind::timeout_connect
                                ? limits.connect_timeout
                                : limits.timeout;
    return is_timeout_credible(lag.worst_since(started), time_limit);
}

CurlSite& CurlCore::site(CurlHost& host, std::uint16_t port) {
    return host.sites.try_emplace(port, executor).first->second;
}

const CurlSite* CurlCore::find_site(const std::string& host_name, std::uint16_t port) const {
    const auto host = hosts_.find(host_name);
    if (host == hosts_.end()) {
        return nullptr;
    }
    const auto site = host->second->sites.find(port);
    return site == host->second->sites.end() ? nullptr : &site->second;
}

std::optional<Refusal> CurlCore::standing_refusal(const CurlHost& host,
                                                  const CurlSite& site) const {
    if (is_cancelled) {
        return Refusal{{model::OutcomeKind::cancelled}, {}};
    }
    if (site.bad_certificate) {
        return site.bad_certificate;
    }
    if (is_given_up(host, site)) {
        return Refusal{{model::OutcomeKind::skipped}, {}};
    }
    return std::nullopt;
}

asio::awaitable<void> CurlCore::pause_until(HostManners::Clock::time_point when) {
    if (is_cancelled) {
        co_return;
    }
    const auto timer = std::make_shared<asio::steady_timer>(executor, when);
    pauses_.insert(timer);
    boost::system::error_code ec;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ec));
    pauses_.erase(timer);
}

bool CurlCore::rest_when_idle() {
    const bool is_idle = std::all_of(shards_.begin(), shards_.end(),
                                     [](const auto& shard) { return shard->is_idle(); });
    if (is_idle) {
        rest();
    }
    return !is_idle;
}

void CurlCore::rest() {
    sockets_.rest();
    for (const auto& shard : shards_) {
        shard->rest();
    }
}

void CurlCore::cancel() {
    is_cancelled = true;
    permits->close();
    names.cancel();
    for (const auto& timer : pauses_) {
        timer->cancel();
    }
    for (auto* const conversation : conversations) {
        conversation->emit(asio::cancellation_type::terminal);
    }
    for (const auto& shard : shards_) {
        while (!shard->is_idle()) {
            shard->under_way().back()->cancel();
        }
    }
}

void CurlCore::close() {
    cancel();
    lag.stop();
    rest();
}

}  // namespace prober
