#include "prober/testing/scripted_http_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prober::testing {

class ScriptedHttpClient::ScriptedLane final : public Lane {
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

asio::awaitable<std::unique_ptr<Lane>> ScriptedHttpClient::open_lane(std::string url,
                                                                     std::size_t work) {
    lanes_.emplace_back(std::move(url), work);
    co_return std::make_unique<ScriptedLane>(*this);
}

asio::awaitable<AddressAnswers> ScriptedHttpClient::connect_each(std::string url) {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    AddressAnswers answers;
    if (const auto found = addresses_.find(model::host_of(url)); found != addresses_.end()) {
        answers.states = found->second;
        answers.requests = static_cast<std::uint32_t>(answers.states.size());
    }
    co_return answers;
}

asio::awaitable<CertificateAnswer> ScriptedHttpClient::certificate(std::string url) {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    CertificateAnswer answer;
    if (const auto found = certificates_.find(model::host_of(url)); found != certificates_.end()) {
        answer.certificate = found->second;
    }
    co_return answer;
}

std::optional<model::HostRules> ScriptedHttpClient::rules_of(const std::string& url) const {
    const auto found = rules_.find(model::host_of(url));
    return found == rules_.end() ? std::nullopt : std::optional(found->second);
}

void ScriptedHttpClient::cancel() {
    is_cancelled_ = true;
    for (const auto& timer : waiting_) {
        timer->cancel();
    }
}

/// In pieces that end anywhere, as those of a network do.
void ScriptedHttpClient::hand_over(const File& file, const GetRequest& request, GetAnswer& answer) {
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

void ScriptedHttpClient::begin(const std::string& url, const std::string& host) {
    if (on_request_) {
        on_request_(url);
    }
    asked_.push_back(url);
    auto& most = most_at_once_[host];
    most = std::max(most, ++at_once_[host]);
}

Answer ScriptedHttpClient::reply(const std::string& url) {
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
        if (file->second.tells_length) {
            answer.content_length = file->second.body.size();
        }
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

}  // namespace prober::testing
