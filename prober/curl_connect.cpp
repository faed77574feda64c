#include "prober/curl_connect.hpp"

#include "model/mirror_url.hpp"
#include "model/redirect.hpp"
#include "prober/http_client.hpp"
#include "prober/own_routes.hpp"
#include "prober/shown_certificate.hpp"
#include "prober/url_origin.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <utility>

namespace prober {
namespace {

using model::Outcome;
using model::OutcomeKind;
using Certificates = std::vector<ShownCertificate>;

constexpr int late_timeouts_max = 2;  // asked again this often

bool is_ipv6(std::string_view address) noexcept {
    return address.find(':') != std::string_view::npos;
}

std::vector<std::string> bounded(const std::vector<std::string>& addresses) {
    std::vector<std::string> chosen;
    std::size_t count_v4 = 0;
    std::size_t count_v6 = 0;
    for (const auto& address : addresses) {
        auto& count = is_ipv6(address) ? count_v6 : count_v4;
        if (count < HttpClient::addresses_per_family_max) {
            ++count;
            chosen.push_back(address);
        }
    }
    return chosen;
}

asio::awaitable<NameAnswer> find_addresses(CurlCore& core, UrlOrigin origin) {
    if (origin.is_address) {
        NameAnswer answer;
        answer.addresses.push_back(origin.host);
        co_return answer;
    }
    co_return co_await core.names.look_up(origin.host);
}

/// One request; a timeout that came while we were late is asked again.
asio::awaitable<Outcome> ask(CurlCore& core, CurlTransfer& transfer, std::string url,
                             Method method) {
    for (int tries = 0; tries <= late_timeouts_max; ++tries) {
        if (core.is_cancelled) {
            co_return Outcome{OutcomeKind::cancelled};
        }
        const auto started = LoopLag::Clock::now();
        core.lag.watch();
        co_await transfer.run(url, method);
        if (transfer.is_cancelled()) {
            co_return Outcome{OutcomeKind::cancelled};
        }
        const auto outcome = to_outcome(transfer.end());
        if (core.is_believed(outcome, started)) {
            co_return outcome;
        }
    }
    co_return Outcome{OutcomeKind::prober_trouble};
}

asio::awaitable<Outcome> ask_address(CurlCore& core, CurlHost& host, KnownAnswers known,
                                     std::string url, std::string address) {
    const auto transfer = core.make_transfer(host);
    transfer->connect_alone_to(address);
    auto outcome = co_await ask(core, *transfer, url, Method::head);
    if (is_get_worth_trying(outcome, known) && !transfer->end().is_ftp) {
        outcome = co_await ask(core, *transfer, url, Method::get_headers);
    }
    co_return outcome;
}

/// What is known without asking.
std::optional<Outcome> known_outcome(const CurlHost& host, const CurlSite& site,
                                     bool is_only_address) {
    if (is_only_address && site.tally.answers > 0) {
        return Outcome{OutcomeKind::ok};
    }
    if (is_only_address && site.latest) {
        return site.latest;
    }
    // Another time limit for each address would tell nothing new.
    return is_given_up(host, site) ? std::optional(Outcome{OutcomeKind::skipped}) : std::nullopt;
}

/// What the host shows in a handshake, after which nothing is asked.
asio::awaitable<Certificates> shake_hands(CurlCore& core, CurlTransfer& transfer, std::string url,
                                          Handshake handshake) {
    transfer.only_shake_hands(handshake);
    co_await ask(core, transfer, url, Method::head);
    co_return transfer.end().code == 0 ? transfer.certificates() : Certificates{};
}

}  // namespace

asio::awaitable<AddressAnswers> connect_to_each(std::shared_ptr<CurlCore> core, std::string url) {
    AddressAnswers answers;
    const auto origin = parse_origin(url);
    if (!origin || !core->is_lookup_ours) {
        co_return answers;
    }
    const auto found = co_await find_addresses(*core, *origin);
    if (found.addresses.empty()) {
        answers.states.push_back({.address = {}, .outcome = {found.failure}});
        co_return answers;
    }
    auto& host = core->host(model::host_of(url));
    const auto& site = core->site(host, origin->port);
    const bool is_only_one = found.addresses.size() == 1;
    for (const auto& address : bounded(found.addresses)) {
        auto outcome = core->is_cancelled ? std::nullopt : known_outcome(host, site, is_only_one);
        if (!outcome) {
            ++answers.requests;
            outcome = co_await ask_address(*core, host, known_answers(site), url, address);
        }
        const bool has_way = has_route(is_ipv6(address) ? IpFamily::v6 : IpFamily::v4);
        answers.states.push_back({.address = address, .outcome = judge_address(*outcome, has_way)});
    }
    co_return answers;
}

asio::awaitable<CertificateAnswer> read_certificate(std::shared_ptr<CurlCore> core,
                                                    std::string url) {
    CertificateAnswer answer;
    const auto origin = parse_origin(url);
    if (!origin || origin->scheme != "https") {
        co_return answer;
    }
    auto& host = core->host(model::host_of(url));
    const auto& site = core->site(host, origin->port);
    if (!site.certificates.empty()) {
        answer.certificate = describe_certificate(origin->host, site.certificates, 0);
        co_return answer;
    }
    const bool was_refused =
        site.bad_certificate || (site.latest && model::is_tls_failure(site.latest->kind));
    if ((site.latest && !was_refused) || is_given_up(host, site)) {
        co_return answer;  // lanes have asked, and were shown none
    }
    NameAnswer found;
    if (core->is_lookup_ours) {
        found = co_await find_addresses(*core, *origin);
        if (found.addresses.empty()) {
            co_return answer;
        }
    }
    const auto transfer = core->make_transfer(host);
    if (!origin->is_address && !found.addresses.empty()) {
        transfer->use_addresses(fmt::format("{}:{}", origin->host, origin->port), found.addresses);
    }
    Certificates shown;
    long verify_result = site.verify_result;
    bool is_refused = was_refused;
    if (!was_refused) {
        ++answer.connections;
        shown = co_await shake_hands(*core, *transfer, url, Handshake::verified);
        is_refused = shown.empty() && model::is_tls_failure(to_outcome(transfer->end()).kind);
        verify_result = is_refused ? transfer->end().verify_result : 0;
    }
    if (is_refused) {
        // Only to read what is wrong with it: the connection ends with the handshake.
        ++answer.connections;
        shown = co_await shake_hands(*core, *transfer, url, Handshake::unverified);
    }
    answer.certificate = describe_certificate(origin->host, shown, verify_result);
    co_return answer;
}

}  // namespace prober
