#pragma once

#include "model/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace service {

/// Makes who fails to log in wait: the first five failures cost nothing, each further one
/// doubles the pause, from a second to a minute. An hour without a failure is forgotten, and
/// so are the clients that failed longest ago where there are too many. Any thread.
class LoginSlowdown {
public:
    static constexpr int failures_for_nothing = 5;
    static constexpr std::chrono::seconds pause_max{60};
    static constexpr std::chrono::hours memory{1};
    static constexpr std::size_t clients_max = 10'000;

    /// How long this client must not try yet; 0: it may.
    std::chrono::seconds pause_of(const std::string& client, model::Timestamp now);

    void failed(const std::string& client, model::Timestamp now);
    void succeeded(const std::string& client);

    std::size_t clients() const;

private:
    struct Entry {
        std::string client;
        int failures = 0;
        model::Timestamp last;
    };
    using Entries = std::list<Entry>;

    void forget(Entries::iterator);

    mutable std::mutex mutex_;
    Entries entries_;  // the newest failure first
    std::unordered_map<std::string_view, Entries::iterator> places_;
};

}  // namespace service
