#include "model/snapshot.hpp"

#include <algorithm>
#include <tuple>

namespace model {
namespace {

/// In the order of publication; of two with one date, in the order in which they were seen.
bool is_earlier(const Snapshot& left, const Snapshot& right) noexcept {
    return std::tie(left.date, left.first_seen) < std::tie(right.date, right.first_seen);
}

/// Since when something is missing; nothing is where `first_missing` is null.
std::chrono::seconds since(const Snapshot* first_missing, Timestamp now) {
    if (first_missing == nullptr) {
        return std::chrono::seconds{0};
    }
    // A clock that is wrong, ours or the primary's, makes nobody be ahead.
    return std::max(std::chrono::floor<std::chrono::seconds>(now - first_missing->date),
                    std::chrono::seconds{0});
}

/// The earliest of those that `is_missing`; null if there is none.
template <class Predicate>
const Snapshot* earliest(std::span<const Snapshot> known, Predicate is_missing) {
    const Snapshot* first = nullptr;
    for (const auto& snapshot : known) {
        if (is_missing(snapshot) && (first == nullptr || is_earlier(snapshot, *first))) {
            first = &snapshot;
        }
    }
    return first;
}

}  // namespace

std::optional<Lag> find_lag(std::span<const Snapshot> known, const Sha256& text_sha256,
                            Timestamp release_date, Timestamp now) {
    if (known.empty()) {
        return std::nullopt;
    }
    const Snapshot* own = nullptr;  // the mirror's; the last one where it was published again
    for (const auto& snapshot : known) {
        if (snapshot.text_sha256 == text_sha256 && (own == nullptr || is_earlier(*own, snapshot))) {
            own = &snapshot;
        }
    }
    const auto* const first_missing =
        own != nullptr
            ? earliest(known, [own](const auto& one) { return is_earlier(*own, one); })
            : earliest(known, [release_date](const auto& one) { return one.date > release_date; });
    return Lag{.behind = since(first_missing, now), .is_estimated = own == nullptr};
}

}  // namespace model
