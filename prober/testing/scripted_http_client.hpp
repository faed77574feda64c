#pragma once

#include "model/mirror_url.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
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
    /// Not answered until the client is cancelled.
    ScriptedHttpClient& hold(const std::string& url) {
        held_.insert(url);
        return *this;
    }
    /// Called before each request; may cancel.
    void on_request(std::function<void(const std::string& url)> call) {
        on_request_ = std::move(call);
    }

    const std::vector<std::string>& asked() const { return asked_; }
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
            co_return client_.reply(url);
        }

    private:
        ScriptedHttpClient& client_;
    };

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
        return answer;
    }

    std::map<std::string, std::vector<model::Outcome>> script_;
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
