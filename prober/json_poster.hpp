#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace prober {

struct JsonPosterSettings {
    std::string token;      // secret, a Bearer's; empty: none is sent
    std::string ca_bundle;  // PEM; empty: `find_ca_bundle()`
    std::string user_agent;
    std::chrono::milliseconds connect_timeout;
    std::chrono::milliseconds timeout;  // of one exchange, connecting included
};

/// What came back.
struct JsonAnswer {
    int status = 0;      // of HTTP; 0: no whole answer came
    std::string body;    // a mebibyte at most: an answer that is longer is none
    std::string detail;  // libcurl's words, where none came
    std::optional<std::chrono::seconds> retry_after = std::nullopt;
    bool was_sent = true;  // the server may have heard it, answer or not
};

/// POSTs JSON to a service of ours, one exchange after the other on a connection that is kept.
/// Blocks. No redirect is followed: the token goes to the host that was named alone. One thread
/// at a time.
class JsonPoster {
public:
    /// Throws where libcurl cannot be set up.
    explicit JsonPoster(const JsonPosterSettings&);
    ~JsonPoster();

    /// Never throws for what a network or a server does.
    JsonAnswer post(const std::string& url, const std::string& body);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace prober
