#pragma once

#include "model/mirror_url.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prober::testing {

/// An HttpClient that answers from a script, each request after one turn of the loop,
/// and remembers what it was asked. A URL that is missing from the script gets a 404.
/// It limits nothing, but knows how many requests there were at once.
class ScriptedHttpClient final : public HttpClient {
public:
    ScriptedHttpClient& answer(const std::string& url, model::Outcome outcome) {
        script_[url] = {outcome};
        return *this;
    }
    ScriptedHttpClient& ok(const std::string& url) {
        return answer(url, {.kind = model::OutcomeKind::ok});
    }
    /// One after the other; the last one from then on.
    ScriptedHttpClient& answer_in_turn(const std::string& url,
                                       std::vector<model::Outcome> outcomes) {
        script_[url] = std::move(outcomes);
        return *this;
    }
    /// What is not in the script.
    ScriptedHttpClient& answer_else(model::Outcome outcome) {
        otherwise_ = outcome;
        return *this;
    }
    /// What a GET of it brings, and a HEAD tells of.
    struct File {
        std::string body;
        std::string etag;
        std::string last_modified;
        bool is_web_page = false;
        std::string date = {};  // of the answer
    };
    /// A 200 with a body; a 304 to who names its ETag, or else its date.
    ScriptedHttpClient& file(const std::string& url, File file) {
        files_[url] = std::move(file);
        return ok(url);
    }
    ScriptedHttpClient& file(const std::string& url, const std::string& body) {
        return file(url, File{.body = body, .etag = {}, .last_modified = {}});
    }
    /// A 200 to HEAD, with this Content-Length.
    ScriptedHttpClient& ok_with_length(const std::string& url, std::uint64_t content_length) {
        lengths_[url] = content_length;
        return ok(url);
    }
    /// Of the host of `url`.
    ScriptedHttpClient& rules(const std::string& url, model::HostRules rules) {
        rules_[model::host_of(url)] = std::move(rules);
        return *this;
    }
    /// Skipped, for its owner disallows it.
    ScriptedHttpClient& disallow(const std::string& url) {
        wishes_[url] = HostWish::leave_alone;
        return answer(url, {.kind = model::OutcomeKind::skipped});
    }
    /// Of a host that asks for more time than a run has.
    ScriptedHttpClient& come_later(const std::string& url) {
        wishes_[url] = HostWish::come_later;
        return answer(url, {.kind = model::OutcomeKind::http_status, .status = 429});
    }
    /// A 200 to HEAD that does not say how long the file is.
    ScriptedHttpClient& ok_without_length(const std::string& url) {
        lengths_.erase(url);
        return ok(url);
    }
    /// Goes with a 429 or 503 that `answer` scripts.
    ScriptedHttpClient& retry_after(const std::string& url, std::chrono::seconds time) {
        retry_after_[url] = time;
        return *this;
    }
    /// Of the host of `url`, whatever its path.
    ScriptedHttpClient& addresses(const std::string& url,
                                  std::vector<model::AddressState> addresses) {
        addresses_[model::host_of(url)] = std::move(addresses);
        return *this;
    }
    ScriptedHttpClient& certificate_of(const std::string& url,
                                       model::CertificateState certificate) {
        certificates_[model::host_of(url)] = std::move(certificate);
        return *this;
    }
    /// Of its URL; one that is not in the script is `skipped`.
    ScriptedHttpClient& rsync(model::RsyncFacts facts) {
        auto url = facts.url;
        rsync_[std::move(url)] = std::move(facts);
        return *this;
    }
    /// Not answered until the client is cancelled.
    ScriptedHttpClient& hold(const std::string& url) {
        held_.insert(url);
        return *this;
    }
    /// Called before each request; may cancel.
    void on_request(std::function<void(const std::string& url)> call) {
        on_request_ = std::move(call);
    }

    /// HEADs, GETs and greetings.
    const std::vector<std::string>& asked() const { return asked_; }
    /// GETs, with their conditions.
    const std::vector<GetRequest>& gets() const { return gets_; }
    bool was_asked(const std::string& url) const {
        return std::find(asked_.begin(), asked_.end(), url) != asked_.end();
    }
    /// The URL and work of each lane, in the order of their opening.
    const std::vector<std::pair<std::string, std::size_t>>& lanes() const { return lanes_; }
    std::size_t most_at_once(const std::string& host) const {
        const auto found = most_at_once_.find(host);
        return found == most_at_once_.end() ? 0 : found->second;
    }

    asio::awaitable<std::unique_ptr<Lane>> open_lane(std::string url, std::size_t work) override {
        lanes_.emplace_back(std::move(url), work);
        co_return std::make_unique<ScriptedLane>(*this);
    }
    asio::awaitable<std::vector<model::AddressState>> connect_each(std::string url) override {
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        const auto found = addresses_.find(model::host_of(url));
        co_return found == addresses_.end() ? std::vector<model::AddressState>{} : found->second;
    }
    asio::awaitable<std::optional<model::CertificateState>> certificate(std::string url) override {
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        const auto found = certificates_.find(model::host_of(url));
        co_return found == certificates_.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<model::HostRules> rules_of(const std::string& url) const override {
        const auto found = rules_.find(model::host_of(url));
        return found == rules_.end() ? std::nullopt : std::optional(found->second);
    }
    void cancel() override {
        is_cancelled_ = true;
        for (const auto& timer : waiting_) {
            timer->cancel();
        }
    }

private:
    class ScriptedLane final : public Lane {
    public:
        explicit ScriptedLane(ScriptedHttpClient& client) : client_{client} {}
        asio::awaitable<Answer> head(std::string url) override {
            co_await take_turn(url);
            auto answer = client_.reply(url);
            const auto length = client_.lengths_.find(url);
            if (answer.outcome.is_ok() && length != client_.lengths_.end()) {
                answer.content_length = length->second;
            }
            co_return answer;
        }
        asio::awaitable<GetAnswer> get(GetRequest request) override {
            co_await take_turn(request.url);
            client_.gets_.push_back(request);
            GetAnswer answer;
            static_cast<Answer&>(answer) = client_.reply(request.url);
            if (const auto file = client_.files_.find(request.url);
                answer.outcome.is_ok() && file != client_.files_.end()) {
                hand_over(file->second, request, answer);
            }
            co_return answer;
        }
        asio::awaitable<model::RsyncFacts> greet_rsync(std::string url) override {
            co_await take_turn(url);
            const auto found = client_.rsync_.find(url);
            model::RsyncFacts facts;
            if (found != client_.rsync_.end()) {
                facts = found->second;
                facts.connections = 1;
            }
            facts.url = url;
            if (client_.is_cancelled_) {
                facts.outcome = {.kind = model::OutcomeKind::cancelled};
            } else if (found == client_.rsync_.end()) {
                facts.outcome = {.kind = model::OutcomeKind::skipped};
            }
            co_return facts;
        }

    private:
        asio::awaitable<void> take_turn(std::string url) {
            const auto executor = co_await asio::this_coro::executor;
            const auto host = model::host_of(url);
            client_.begin(url, host);
            co_await asio::post(executor, asio::use_awaitable);
            if (client_.held_.contains(url) && !client_.is_cancelled_) {
                const auto timer = std::make_shared<asio::steady_timer>(
                    executor, asio::steady_timer::time_point::max());
                client_.waiting_.push_back(timer);
                boost::system::error_code cancelled;
                co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
            }
            --client_.at_once_[host];
        }

        ScriptedHttpClient& client_;
    };

    /// In pieces that end anywhere, as those of a network do.
    static void hand_over(const File& file, const GetRequest& request, GetAnswer& answer) {
        constexpr std::uint64_t piece_bytes = 1000;
        answer.etag = file.etag;
        answer.last_modified = file.last_modified;
        answer.date = file.date;
        const bool is_known =
            request.if_none_match.empty()
                ? !file.last_modified.empty() && request.if_modified_since == file.last_modified
                : request.if_none_match == file.etag;
        if (is_known) {
            answer.outcome = {.kind = model::OutcomeKind::http_status, .status = 304};
            answer.content_length.reset();
            return;
        }
        const auto end = std::min<std::uint64_t>(file.body.size(), request.bytes_max);
        bool is_wanted = true;
        while (is_wanted && answer.body_bytes < end) {
            const auto bytes = std::min(piece_bytes, end - answer.body_bytes);
            is_wanted = request.sink(std::string_view(file.body).substr(answer.body_bytes, bytes));
            answer.body_bytes += bytes;
        }
        answer.bytes += answer.body_bytes;
        answer.is_cut = !is_wanted || end < file.body.size();
    }

    void begin(const std::string& url, const std::string& host) {
        if (on_request_) {
            on_request_(url);
        }
        asked_.push_back(url);
        auto& most = most_at_once_[host];
        most = std::max(most, ++at_once_[host]);
    }

    Answer reply(const std::string& url) {
        Answer answer;
        answer.outcome = otherwise_;
        answer.requests = 1;
        if (is_cancelled_) {
            answer.outcome = {.kind = model::OutcomeKind::cancelled};
            answer.requests = 0;
        } else if (const auto line = script_.find(url); line != script_.end()) {
            auto& outcomes = line->second;
            answer.outcome = outcomes.front();
            if (outcomes.size() > 1) {
                outcomes.erase(outcomes.begin());
            }
        }
        if (const auto file = files_.find(url); answer.outcome.is_ok() && file != files_.end()) {
            answer.content_length = file->second.body.size();
            answer.is_web_page = file->second.is_web_page;
        }
        if (const auto wish = wishes_.find(url); !is_cancelled_ && wish != wishes_.end()) {
            answer.host_wish = wish->second;
        }
        if (const auto time = retry_after_.find(url);
            answer.outcome.kind == model::OutcomeKind::http_status && time != retry_after_.end()) {
            answer.retry_after = time->second;
        }
        return answer;
    }

    std::map<std::string, std::vector<model::Outcome>> script_;
    std::map<std::string, File> files_;
    std::map<std::string, std::uint64_t> lengths_;
    std::map<std::string, std::chrono::seconds> retry_after_;
    std::map<std::string, HostWish> wishes_;
    std::map<std::string, model::HostRules> rules_;                      // by host
    std::map<std::string, std::vector<model::AddressState>> addresses_;  // by host
    std::map<std::string, model::CertificateState> certificates_;        // by host
    std::map<std::string, model::RsyncFacts> rsync_;                     // by URL
    std::vector<GetRequest> gets_;
    model::Outcome otherwise_{.kind = model::OutcomeKind::http_status, .status = 404};
    std::function<void(const std::string&)> on_request_;
    std::vector<std::string> asked_;
    std::vector<std::pair<std::string, std::size_t>> lanes_;
    std::map<std::string, std::size_t> at_once_;
    std::map<std::string, std::size_t> most_at_once_;
    std::set<std::string> held_;
    std::vector<std::shared_ptr<asio::steady_timer>> waiting_;
    bool is_cancelled_ = false;
};

}  // namespace prober::testing
