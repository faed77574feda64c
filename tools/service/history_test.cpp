#include "tools/service/history.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using service::HistoryPoint;
using service::thin_out;

namespace {

std::vector<HistoryPoint> days(int count) {
    std::vector<HistoryPoint> points(static_cast<std::size_t>(count));
    for (int day = 0; day < count; ++day) {
        auto& point = points[static_cast<std::size_t>(day)];
        point.probe = model::ProbeId{day};
        point.started = model::Timestamp{} + day * 24h;
        point.duration = 10s;
        point.lag = model::Lag{.behind = 60s};
        point.freshness = model::Freshness::up;
        point.expected = 10;
        point.found = 10;
    }
    return points;
}

bool has(const std::vector<HistoryPoint>& points, int day) {
    return std::ranges::find(points, model::ProbeId{day}, &HistoryPoint::probe) != points.end();
}

}  // namespace

TEST_CASE("a few points stay as they are", "[service][history]") {
    CHECK(thin_out(days(12), 12).size() == 12);
    CHECK(thin_out({}, 12).empty());
    CHECK(thin_out(days(1), 12).size() == 1);
}

TEST_CASE("many points become few, and every extreme is among them", "[service][history]") {
    auto points = days(366);
    points[100].lag->behind = 9h;
    points[103].lag->behind = 0s;
    points[150].duration = 5min;
    points[200].found = 1;
    points[250].verdict = model::ProbeVerdict::failed;
    points[300].freshness = model::Freshness::two_days_behind;
    const std::size_t most = GENERATE(40U, 100U, 200U);

    const auto left = thin_out(points, most);

    CAPTURE(most);
    CHECK(left.size() <= most);
    CHECK(left.size() > most / 10);
    CHECK(std::ranges::is_sorted(left, {}, &HistoryPoint::started));
    for (const int day : {0, 100, 103, 150, 200, 250, 300, 365}) {
        CAPTURE(day);
        CHECK(has(left, day));
    }
}

TEST_CASE("the least that can be asked for is enough for the ends", "[service][history]") {
    const auto left = thin_out(days(366), service::points_least);

    CHECK(left.size() <= service::points_least);
    CHECK(has(left, 0));
    CHECK(has(left, 365));
}

TEST_CASE("points of one time are thinned out, too", "[service][history]") {
    auto points = days(100);
    for (auto& point : points) {
        point.started = {};
    }

    CHECK(thin_out(points, 20).size() <= 20);
}
