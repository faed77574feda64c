#pragma once

#include "model/mirror_url.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/steady_timer.hpp>

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
        std::string etag = {};
        std::string last_modified = {};
        bool is_web_page = false;
        std::string date = {};  // of the answer
        bool tells_length = true;
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

    asio::awaitable<std::unique_ptr<Lane>> open_lane(std::string url, std::size_t work) override;
    asio::awaitable<AddressAnswers> connect_each(std::string url) override;
    asio::awaitable<CertificateAnswer> certificate(std::string url) override;
    std::optional<model::HostRules> rules_of(const std::string& url) const override;
    void cancel() override;

private:
    class ScriptedLane;

    static void hand_over(const File& file, const GetRequest& request, GetAnswer& answer);
    void begin(const std::string& url, const std::string& host);
    Answer reply(const std::string& url);

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
