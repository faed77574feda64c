#include "tools/service/history.hpp"

#include <algorithm>
#include <cassert>
#include <set>

namespace service {
namespace {

constexpr std::size_t extremes = 5;

std::int64_t lag_of(const HistoryPoint& point, std::int64_t unknown) {
    return point.lag ? point.lag->behind.count() : unknown;
}

/// Greater is worse: failed before passed, then stale before fresh.
int badness(const HistoryPoint& point) {
    const int failed = point.verdict == model::ProbeVerdict::failed ? 10 : 0;
    // Unknown is what a mirror without rows is, or one that nothing is known of.
    return failed + static_cast<int>(point.freshness);
}

double completeness(const HistoryPoint& point) {
    return point.expected == 0 ? 1.0 : static_cast<double>(point.found) / point.expected;
}

/// Adds the places of the extremes of the points from `first` up to `last`.
void add_extremes(std::span<const HistoryPoint> points, std::size_t first, std::size_t last,
                  std::set<std::size_t>& kept) {
    const auto add = [&](auto is_more_extreme) {
        std::size_t best = first;
        for (std::size_t i = first + 1; i < last; ++i) {
            if (is_more_extreme(points[i], points[best])) {
                best = i;
            }
        }
        kept.insert(best);
    };
    constexpr auto never = std::int64_t{1} << 62;
    add([](const auto& a, const auto& b) { return lag_of(a, -1) > lag_of(b, -1); });
    add([](const auto& a, const auto& b) { return lag_of(a, never) < lag_of(b, never); });
    add([](const auto& a, const auto& b) { return a.duration > b.duration; });
    add([](const auto& a, const auto& b) { return badness(a) > badness(b); });
    add([](const auto& a, const auto& b) { return completeness(a) < completeness(b); });
}

}  // namespace

std::vector<HistoryPoint> thin_out(std::span<const HistoryPoint> points, std::size_t points_most) {
    assert(points_most >= points_least);
    if (points.size() <= points_most) {
        return {points.begin(), points.end()};
    }
    const auto begin = points.front().started;
    const std::size_t spans = (points_most - 2) / extremes;
    const auto length = (points.back().started - begin) / spans + std::chrono::microseconds{1};
    std::set<std::size_t> kept = {0, points.size() - 1};
    for (std::size_t first = 0; first < points.size();) {
        const auto end = begin + ((points[first].started - begin) / length + 1) * length;
        std::size_t last = first;
        while (last < points.size() && points[last].started < end) {
            ++last;
        }
        add_extremes(points, first, last, kept);
        first = last;
    }
    std::vector<HistoryPoint> left;
    left.reserve(kept.size());
    for (const std::size_t place : kept) {
        left.push_back(points[place]);
    }
    return left;
}

}  // namespace service
