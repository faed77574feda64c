#include "tools/service/response_cache.hpp"

#include <iterator>

namespace service {
namespace {

/// What an entry takes beside its texts, about.
constexpr std::size_t bookkeeping_bytes = 300;

std::size_t bytes_of(const std::string& key, const ReadyResponse& response) noexcept {
    return bookkeeping_bytes + key.size() + response.fields.size() + response.body_fields.size() +
           response.body.size();
}

}  // namespace

std::shared_ptr<const ReadyResponse> ResponseCache::find(const std::string& key, Time now) {
    const auto place = places_.find(key);
    if (place == places_.end()) {
        return nullptr;
    }
    const auto entry = place->second;
    if (now - entry->made > age_max) {
        forget(entry);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, entry);
    return entry->response;
}

void ResponseCache::keep(const std::string& key, std::shared_ptr<const ReadyResponse> response,
                         Time now) {
    if (const auto place = places_.find(key); place != places_.end()) {
        forget(place->second);
    }
    const std::size_t bytes = bytes_of(key, *response);
    if (bytes > bytes_max_) {
        return;
    }
    while (bytes_ + bytes > bytes_max_) {
        forget(std::prev(entries_.end()));
    }
    entries_.push_front({key, std::move(response), now, bytes});
    places_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes;
}

void ResponseCache::forget(Entries::iterator entry) {
    bytes_ -= entry->bytes;
    places_.erase(entry->key);
    entries_.erase(entry);
}

void ResponseCache::clear() {
    places_.clear();
    entries_.clear();
    bytes_ = 0;
}

}  // namespace service
