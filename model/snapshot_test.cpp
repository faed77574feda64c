#include "model/snapshot.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using model::find_lag;
using model::Sha256;
using model::Snapshot;
using model::Timestamp;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
constexpr Timestamp now = day + 20h;

Sha256 text(std::uint8_t name) {
    Sha256 digest;
    digest.bytes.fill(name);
    return digest;
}

Snapshot snapshot(std::uint8_t name, Timestamp date, Timestamp first_seen) {
    Snapshot snapshot;
    snapshot.suite = "bookworm";
    snapshot.text_sha256 = text(name);
    snapshot.date = date;
    snapshot.first_seen = first_seen;
    return snapshot;
}

/// 1, 2 and 3, published at 2, 8 and 14 o'clock and each seen an hour later; not in order.
const std::vector<Snapshot> known = {snapshot(2, day + 8h, day + 9h),
                                     snapshot(3, day + 14h, day + 15h),
                                     snapshot(1, day + 2h, day + 3h)};

}  // namespace

TEST_CASE("a mirror is behind since the first snapshot that it lacks", "[model][snapshot]") {
    const auto [name, release_date, behind, is_estimated, why] =
        GENERATE(table<int, Timestamp, std::chrono::seconds, bool, std::string>({
            {3, day + 14h, 0h, false, "the newest"},
            {2, day + 8h, 6h, false, "lacks 3, of 14 o'clock"},
            {1, day + 2h, 12h, false, "lacks 2, of 8 o'clock, and 3"},
            {9, day + 5h, 12h, true, "never seen, between 1 and 2: lacks 2"},
            {9, day + 1h, 18h, true, "never seen, before all: lacks at least 1"},
            {9, day + 15h, 0h, true, "newer than what is known"},
            {9, day + 14h, 0h, true, "another text with the date of the newest"},
            {9, day + 8h, 6h, true, "another text with the date of 2 lacks 3"},
            {1, day + 19h, 12h, false, "what the text says of itself does not count"},
        }));
    INFO(why);

    const auto lag = find_lag(known, text(static_cast<std::uint8_t>(name)), release_date, now);

    REQUIRE(lag.has_value());
    CHECK(lag->behind == behind);
    CHECK(lag->is_estimated == is_estimated);
}

TEST_CASE("how the snapshots are sorted does not matter", "[model][snapshot]") {
    auto sorted = known;
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& left, const auto& right) { return left.date < right.date; });

    do {
        const auto lag = find_lag(sorted, text(1), day + 2h, now);
        REQUIRE(lag.has_value());
        CHECK(lag->behind == 12h);
    } while (std::next_permutation(
        sorted.begin(), sorted.end(),
        [](const auto& left, const auto& right) { return left.date < right.date; }));
}

TEST_CASE("of two snapshots with one date, the one seen later is the later", "[model][snapshot]") {
    const std::vector<Snapshot> twins = {snapshot(5, day + 8h, day + 10h),
                                         snapshot(4, day + 8h, day + 9h)};

    const auto earlier = find_lag(twins, text(4), day + 8h, now);
    const auto later = find_lag(twins, text(5), day + 8h, now);

    REQUIRE(earlier.has_value());
    REQUIRE(later.has_value());
    CHECK(earlier->behind == 12h);
    CHECK(later->behind == 0h);
}

TEST_CASE("nobody is ahead of the primary, whatever the clocks say", "[model][snapshot]") {
    const auto before_publication = find_lag(known, text(2), day + 8h, day + 13h);

    REQUIRE(before_publication.has_value());
    CHECK(before_publication->behind == 0h);
}

TEST_CASE("parts of a second behind are not counted", "[model][snapshot]") {
    const auto lag = find_lag(known, text(2), day + 8h, day + 14h + 1999ms);

    REQUIRE(lag.has_value());
    CHECK(lag->behind == 1s);
}

TEST_CASE("nothing is said of a suite whose history is not known", "[model][snapshot]") {
    CHECK_FALSE(find_lag({}, text(1), day, now));
}
