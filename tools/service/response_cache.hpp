#pragma once

#include "tools/service/ready_response.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace service {

/// Ready responses by what was asked for. Forgets those that were not asked for longest where
/// they would be more than `bytes_max`, and each after `age_max`.
class ResponseCache {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit ResponseCache(std::size_t bytes_max) : bytes_max_{bytes_max} {}

    /// nullptr: there is none.
    std::shared_ptr<const ReadyResponse> find(const std::string& key, Time now);
    void keep(const std::string& key, std::shared_ptr<const ReadyResponse>, Time now);
    void clear();

    std::size_t bytes() const noexcept { return bytes_; }

    /// How old a kept response may be: what it says of times may be wrong by so much.
    static constexpr std::chrono::seconds age_max{5};

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const ReadyResponse> response;
        Time made;
        std::size_t bytes;
    };
    using Entries = std::list<Entry>;

    void forget(Entries::iterator);

    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    Entries entries_;  // the last asked for first
    std::unordered_map<std::string_view, Entries::iterator> places_;
};

}  // namespace service
