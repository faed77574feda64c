#include "tools/service/login_slowdown.hpp"

#include <algorithm>

namespace service {
namespace {

using std::chrono::seconds;

seconds pause_after(int failures) {
    const int doublings = failures - LoginSlowdown::failures_for_nothing;
    if (doublings < 0) {
        return seconds{0};
    }
    return doublings < 6 ? seconds{1 << doublings} : LoginSlowdown::pause_max;
}

}  // namespace

seconds LoginSlowdown::pause_of(const std::string& client, model::Timestamp now) {
    const std::lock_guard lock{mutex_};
    const auto found = places_.find(client);
    if (found == places_.end()) {
        return seconds{0};
    }
    const Entry& entry = *found->second;
    if (now - entry.last >= memory) {
        forget(found->second);
        return seconds{0};
    }
    const auto pause = pause_after(entry.failures);
    // A clock that was set back must not make a pause longer.
    return std::clamp(std::chrono::ceil<seconds>(entry.last + pause - now), seconds{0}, pause);
}

void LoginSlowdown::failed(const std::string& client, model::Timestamp now) {
    const std::lock_guard lock{mutex_};
    const auto found = places_.find(client);
    if (found != places_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        Entry& entry = entries_.front();
        entry.failures = now - entry.last >= memory ? 1 : entry.failures + 1;
        entry.last = now;
        return;
    }
    entries_.push_front({client, 1, now});
    places_.emplace(entries_.front().client, entries_.begin());
    if (entries_.size() > clients_max) {
        forget(std::prev(entries_.end()));
    }
}

void LoginSlowdown::succeeded(const std::string& client) {
    const std::lock_guard lock{mutex_};
    if (const auto found = places_.find(client); found != places_.end()) {
        forget(found->second);
    }
}

std::size_t LoginSlowdown::clients() const {
    const std::lock_guard lock{mutex_};
    return entries_.size();
}

void LoginSlowdown::forget(Entries::iterator entry) {
    places_.erase(entry->client);
    entries_.erase(entry);
}

}  // namespace service
