#pragma once

#include "prober/curl_core.hpp"
#include "prober/http_client.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace prober {

/// What a lane does that comes to a site whose rules are not known yet.
enum class RulesStep {
    ask,       // for the rules
    try_file,  // the one that it came for, while another lane asks
    wait,      // for the other lanes
};
RulesStep rules_step(const CurlSite&, HostManners::Clock::time_point now);

/// One lane's question for what a site's owner asks of us (/.well-known/mirrorwarden.txt).
/// Once is enough for all lanes; those that come meanwhile wait for its end. Where it takes
/// long one of them tries its file: a site that answers neither is mute, and costs one time
/// limit and a little, not two. One that answers the file is asked for its rules once more,
/// and after that has none: nobody is judged by them. On the loop's thread; the site
/// outlives it.
class RulesQuestion {
public:
    /// `site_url` has no path: "http://mirror.example.org". After `patience` a file is tried.
    RulesQuestion(CurlSite&, const std::string& site_url, std::chrono::milliseconds patience);
    ~RulesQuestion();
    RulesQuestion(const RulesQuestion&) = delete;
    RulesQuestion& operator=(const RulesQuestion&) = delete;

    /// To be asked while this lives, which keeps what comes.
    const GetRequest& request() const noexcept { return request_; }

    /// The site keeps the rules, if there are any. Empty, or how a site that has never
    /// answered was silent.
    std::optional<Refusal> settle(const GetAnswer&, model::Timestamp now);

private:
    CurlSite& site_;
    std::string text_;
    GetRequest request_;
};

/// Lives while one lane tries its file, see `RulesQuestion`.
class FileTrial {
public:
    explicit FileTrial(CurlSite&);
    ~FileTrial();
    FileTrial(const FileTrial&) = delete;
    FileTrial& operator=(const FileTrial&) = delete;

private:
    CurlSite& site_;
};

}  // namespace prober
