#include "model/release_validators.hpp"

#include "model/written_date.hpp"

#include <chrono>
#include <utility>

namespace model {
namespace {

constexpr std::chrono::seconds age_min{3};
/// More than that no server needs, and it is kept for each suite of each mirror.
constexpr std::size_t text_bytes_max = 200;

bool is_strong(const std::string& etag) {
    return !etag.empty() && !etag.starts_with("W/") && etag.size() <= text_bytes_max;
}

}  // namespace

std::optional<ReleaseValidators> strong_validators(ReceivedValidators received, Timestamp now) {
    const auto modified = parse_http_date(received.last_modified, now);
    const auto answered = parse_http_date(received.date, now);
    if (!received.last_modified.empty() &&
        (!modified || !answered || *answered - *modified < age_min)) {
        return std::nullopt;
    }
    ReleaseValidators kept{.url = std::move(received.url),
                           .etag = {},
                           .last_modified = std::move(received.last_modified),
                           .fetched = now};
    if (is_strong(received.etag)) {
        kept.etag = std::move(received.etag);
    } else if (!received.etag.empty() || kept.last_modified.empty()) {
        return std::nullopt;  // a server that calls its own tag weak knows why
    }
    return kept;
}

}  // namespace model
