#pragma once

#include "prober/curl_core.hpp"
#include "prober/http_client.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace prober {

/// One lane's question for what a site's owner asks of us (/.well-known/mirrorwarden.txt).
/// Once is enough for all lanes; those that come meanwhile wait for its end. Where it takes
/// long a second lane asks as well: a silent host is asked twice before it is given up, and
/// costs one time limit and a little, not two. On the loop's thread; the site outlives it.
class RulesQuestion {
public:
    /// Whether a lane that comes at `now` should ask, and not wait for who asks already.
    static bool is_wanted(const CurlSite&, HostManners::Clock::time_point now);

    /// `site_url` has no path: "http://mirror.example.org". After `patience` another may ask.
    RulesQuestion(CurlSite&, const std::string& site_url, std::chrono::milliseconds patience);
    ~RulesQuestion();
    RulesQuestion(const RulesQuestion&) = delete;
    RulesQuestion& operator=(const RulesQuestion&) = delete;

    /// To be asked while this lives, which keeps what comes.
    const GetRequest& request() const noexcept { return request_; }

    /// The site keeps the rules, if there are any. Empty, or how a host that has never
    /// answered was silent.
    std::optional<Refusal> settle(const GetAnswer&, const model::HostTally&, model::Timestamp now);

private:
    CurlSite& site_;
    std::string text_;
    GetRequest request_;
};

}  // namespace prober
