#include "prober/curl_lane.hpp"

#include "model/mirror_url.hpp"
#include "model/redirect.hpp"
#include "prober/curl_answer.hpp"
#include "prober/curl_outcome.hpp"
#include "prober/curl_rsync.hpp"
#include "prober/rules_question.hpp"
#include "prober/url_origin.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace prober {
namespace {

using model::Outcome;
using model::OutcomeKind;

constexpr int late_timeouts_max = 2;                          // asked again this often
constexpr std::chrono::milliseconds timeouts_apart_max{100};  // of requests that began together
constexpr std::chrono::milliseconds held_rest_max{50};        // with a permit in hand
/// A healthy host has answered long before this part of the time limit is over.
constexpr int patience_share = 4;
constexpr auto work_under_way = std::numeric_limits<std::size_t>::max();

model::Timestamp now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

class CurlLane final : public Lane {
public:
    CurlLane(std::shared_ptr<CurlCore> core, CurlHost* host, Permit permit)
        : core_{std::move(core)}, home_{host}, host_{host}, permit_{std::move(permit)} {}

    asio::awaitable<Answer> head(std::string url) override;
    asio::awaitable<GetAnswer> get(GetRequest request) override;
    asio::awaitable<model::RsyncFacts> greet_rsync(std::string url) override;

private:
    using MaybeRefusal = std::optional<Refusal>;

    bool is_at(std::string_view url) const noexcept;
    asio::awaitable<bool> take_permit(CurlHost& host);
    asio::awaitable<MaybeRefusal> go_to(std::string url, Answer& answer);
    asio::awaitable<MaybeRefusal> find_addresses(UrlOrigin origin);
    /// What a GET is for, and what it brings.
    struct Body {
        const GetRequest& request;
        GetAnswer& answer;
    };

    asio::awaitable<void> follow(std::string url, Body* body, Answer& answer);
    asio::awaitable<MaybeRefusal> learn_rules(std::string site_url, Answer& answer);
    asio::awaitable<MaybeRefusal> ask_for_rules(std::string site_url, Answer& answer);
    asio::awaitable<MaybeRefusal> mind_manners(std::string path);
    asio::awaitable<void> rest_until(HostManners::Clock::time_point when);
    model::PauseStep heed(const Answer& answer);
    void end_trial();
    asio::awaitable<void> wait_for_others();
    asio::awaitable<Outcome> ask(const std::string& url, Method method, Body* body, Answer& answer);
    void note(Outcome outcome, Method method, std::string_view detail);
    void note_certificate();

    std::shared_ptr<CurlCore> core_;
    CurlHost* home_;  // whose permit the lane keeps between requests
    CurlHost* host_;  // which the last URL named
    Permit permit_;
    CurlTransfer* transfer_ = nullptr;
    CurlSite* site_ = nullptr;
    std::optional<FileTrial> trial_;
    std::string origin_;         // scheme, host and port, as the last URL began
    bool is_encrypted_ = false;  // that origin
};

bool CurlLane::is_at(std::string_view url) const noexcept {
    return permit_ && !origin_.empty() && url.starts_with(origin_) &&
           url.substr(origin_.size()).starts_with('/');
}

/// The right to ask that host; false once the core is cancelled.
asio::awaitable<bool> CurlLane::take_permit(CurlHost& host) {
    if (!permit_ || &host != host_) {
        origin_.clear();
        // Given back before the next is asked for: who held one while waiting
        // for another could wait for ever.
        permit_.give_back();
        host_ = &host;
        permit_ = co_await core_->permits->acquire(host.number, work_under_way);
    }
    co_return static_cast<bool>(permit_);
}

/// Gets the right to ask the URL's host, and to know where it is.
asio::awaitable<CurlLane::MaybeRefusal> CurlLane::go_to(std::string url, Answer& answer) {
    origin_.clear();
    const auto origin = parse_origin(url);
    if (!origin) {
        co_return Refusal{{OutcomeKind::invalid_answer}, "not a URL that can be asked"};
    }
    auto& host = core_->host(model::host_of(url));
    const bool may_ask = co_await take_permit(host);
    if (!may_ask) {
        co_return Refusal{{OutcomeKind::cancelled}, {}};
    }
    is_encrypted_ = origin->scheme == "https";
    site_ = &core_->site(host, origin->port);
    transfer_ = &core_->transfer(host, permit_.slot());
    auto refusal = core_->standing_refusal(*host_, *site_);
    if (!refusal && core_->is_lookup_ours && !origin->is_address) {
        refusal = co_await find_addresses(*origin);
    }
    if (!refusal && core_->settings.honours_host_rules && !site_->is_asked &&
        origin->scheme != "ftp") {
        refusal = co_await learn_rules(url.substr(0, origin->length), answer);
    }
    if (!refusal) {
        origin_ = url.substr(0, origin->length);
    }
    co_return refusal;
}

/// Asks for them, or waits for who does, or begins a trial without them. What is refused is
/// what came of asking.
asio::awaitable<CurlLane::MaybeRefusal> CurlLane::learn_rules(std::string site_url,
                                                              Answer& answer) {
    MaybeRefusal silence;
    while (!site_->is_asked && !core_->standing_refusal(*host_, *site_)) {
        const auto step = rules_step(*site_, HostManners::Clock::now());
        if (step == RulesStep::try_file) {
            trial_.emplace(*site_);
            co_return std::nullopt;
        }
        if (step == RulesStep::ask) {
            silence = co_await ask_for_rules(site_url, answer);
        } else {
            boost::system::error_code ec;
            co_await site_->answered.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        }
    }
    auto refusal = core_->standing_refusal(*host_, *site_);
    if (refusal && silence && refusal->outcome.kind == OutcomeKind::skipped) {
        refusal = std::move(silence);
    }
    co_return refusal;
}

/// Nothing, or why nothing came back.
asio::awaitable<CurlLane::MaybeRefusal> CurlLane::ask_for_rules(std::string site_url,
                                                                Answer& answer) {
    RulesQuestion question(*site_, site_url, core_->limits.connect_timeout / patience_share);
    GetAnswer rules;
    Body body{.request = question.request(), .answer = rules};
    rules.outcome = co_await ask(question.request().url, Method::get, &body, rules);
    answer.requests += rules.requests;
    answer.bytes += rules.bytes;
    heed(rules);
    co_return question.settle(rules, now());
}

/// Who waits for long lets others work: a few hosts that pause would hold up all the rest.
asio::awaitable<void> CurlLane::rest_until(HostManners::Clock::time_point when) {
    if (when - HostManners::Clock::now() <= held_rest_max) {
        co_await core_->pause_until(when);
        co_return;
    }
    permit_.give_back();
    co_await core_->pause_until(when);
    permit_ = co_await core_->permits->acquire(host_->number, work_under_way);
    if (permit_) {
        transfer_ = &core_->transfer(*host_, permit_.slot());
    }
}

/// Waits as long as the owner asks us to, where that is not too long.
asio::awaitable<CurlLane::MaybeRefusal> CurlLane::mind_manners(std::string path) {
    auto& manners = site_->manners;
    if (manners.disallows(path)) {
        co_return Refusal{{OutcomeKind::skipped},
                          "disallowed by the host's /.well-known/mirrorwarden.txt",
                          HostWish::leave_alone};
    }
    for (bool has_turn = false; !has_turn && !manners.is_put_off();) {
        const auto turn = manners.take_turn(HostManners::Clock::now());
        co_await rest_until(turn);
        // Meanwhile another request may have been told to come later.
        has_turn = core_->is_cancelled || !manners.is_paused(HostManners::Clock::now());
    }
    if (manners.is_put_off()) {
        co_return Refusal{
            {OutcomeKind::skipped}, "the host has asked us to come later", HostWish::come_later};
    }
    co_return core_->standing_refusal(*host_, *site_);
}

model::PauseStep CurlLane::heed(const Answer& answer) {
    return site_->manners.heed(answer.outcome.status, answer.retry_after, core_->limits.pause_max,
                               HostManners::Clock::now());
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
    co_await follow(std::move(url), nullptr, answer);
    co_return answer;
}

asio::awaitable<GetAnswer> CurlLane::get(GetRequest request) {
    GetAnswer answer;
    Body body{.request = request, .answer = answer};
    co_await follow(request.url, &body, answer);
    co_return answer;
}

asio::awaitable<model::RsyncFacts> CurlLane::greet_rsync(std::string url) {
    model::RsyncFacts facts;
    facts.url = url;
    auto& host = core_->host(model::host_of(url));
    const bool may_ask = co_await take_permit(host);
    if (!may_ask) {
        facts.outcome = {OutcomeKind::cancelled};
        co_return facts;
    }
    if (model::is_mute(host.tally) || model::is_hopeless(host.tally)) {
        facts.outcome = {OutcomeKind::skipped};
    } else {
        facts = co_await greet_rsync_of(*core_, std::move(url));
    }
    if (host_ != home_) {
        permit_.give_back();
    }
    co_return facts;
}

/// Asks for `url`, and for what it redirects to. Without a body: HEAD.
asio::awaitable<void> CurlLane::follow(std::string url, Body* body, Answer& answer) {
    for (int hops = 0;; ++hops) {
        MaybeRefusal refusal;
        if (!is_at(url)) {
            refusal = co_await go_to(url, answer);
        }
        if (!refusal) {
            refusal = core_->standing_refusal(*host_, *site_);
        }
        if (!refusal && !site_->manners.is_free()) {
            refusal = co_await mind_manners(url.substr(origin_.size()));
        }
        if (refusal) {
            end_trial();
            answer.outcome = refusal->outcome;
            answer.detail = refusal->detail;
            answer.host_wish = refusal->wish;
            break;
        }
        answer.outcome =
            co_await ask(url, body == nullptr ? Method::head : Method::get, body, answer);
        end_trial();
        if (body == nullptr && is_get_worth_trying(answer.outcome, known_answers(*site_)) &&
            !transfer_->end().is_ftp) {
            answer.outcome = co_await ask(url, Method::get_headers, nullptr, answer);
        }
        if (model::is_timeout(answer.outcome.kind) && site_->tally.answers == 0) {
            co_await wait_for_others();
        }
        if (answer.outcome.kind != OutcomeKind::http_status) {
            break;
        }
        const auto step = heed(answer);
        if (step == model::PauseStep::wait) {
            --hops;  // the same URL again
            continue;
        }
        if (step == model::PauseStep::come_later) {
            answer.host_wish = HostWish::come_later;
        }
        if (!model::is_redirect(answer.outcome.status)) {
            break;
        }
        const auto location = transfer_->header("Location");
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
}

/// After which the lane learns of the rules before it asks for more.
void CurlLane::end_trial() {
    if (trial_) {
        trial_.reset();
        origin_.clear();
    }
}

/// What was asked of a silent host at the same time is about to time out too. Without
/// its word the host would be asked once more, and cost another time limit.
asio::awaitable<void> CurlLane::wait_for_others() {
    asio::steady_timer timer(core_->executor, timeouts_apart_max);
    boost::system::error_code over;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, over));
}

asio::awaitable<Outcome> CurlLane::ask(const std::string& url, Method method, Body* body,
                                       Answer& answer) {
    for (int tries = 0;; ++tries) {
        const auto started = LoopLag::Clock::now();
        core_->lag.watch();
        ++answer.requests;
        const bool is_stranger = is_encrypted_ && site_->certificates.empty();
        transfer_->keep(is_stranger ? Keep::certificates : Keep::nothing);
        co_await transfer_->run(url, method, body == nullptr ? nullptr : &body->request);
        if (is_stranger) {
            note_certificate();
        }
        answer.bytes += transfer_->bytes();
        if (const auto error = transfer_->take_sink_error()) {
            std::rethrow_exception(error);
        }
        const auto outcome = transfer_->is_cancelled() ? Outcome{OutcomeKind::cancelled}
                                                       : to_outcome(transfer_->end());
        if (core_->is_believed(outcome, started)) {
            describe_answer(*transfer_, outcome, answer);
            if (body != nullptr) {
                describe_body(*transfer_, body->answer);
            }
            note(outcome, method, answer.detail);
            co_return outcome;
        }
        // What the sink got cannot be taken back from it.
        if (tries == late_timeouts_max || transfer_->sunk_bytes() > 0) {
            answer.detail = "the time limit passed while this program itself was late";
            co_return Outcome{OutcomeKind::prober_trouble};
        }
    }
}

void CurlLane::note(Outcome outcome, Method method, std::string_view detail) {
    if (model::is_inconclusive(outcome.kind)) {
        return;
    }
    for (auto* const tally : {&host_->tally, &site_->tally}) {
        ++tally->requests;
        tally->timeouts += model::is_timeout(outcome.kind) ? 1 : 0;
        tally->answers += transfer_->end().status != 0 ? 1 : 0;
    }
    site_->latest = outcome;
    site_->has_answered_head |= method == Method::head && outcome.is_ok();
    if (model::is_tls_failure(outcome.kind)) {
        site_->verify_result = transfer_->end().verify_result;
    }
    if (model::is_tls_failure(outcome.kind) && outcome.kind != OutcomeKind::tls_failed) {
        site_->bad_certificate = Refusal{outcome, std::string(detail)};
    }
}

/// The first handshake with a site tells whom we talk to; one that resumes a session would not.
void CurlLane::note_certificate() {
    if (auto shown = transfer_->certificates(); !shown.empty()) {
        site_->certificates = std::move(shown);
    }
}

}  // namespace

std::unique_ptr<Lane> make_curl_lane(std::shared_ptr<CurlCore> core, CurlHost& home,
                                     Permit permit) {
    return std::make_unique<CurlLane>(std::move(core), &home, std::move(permit));
}

}  // namespace prober
