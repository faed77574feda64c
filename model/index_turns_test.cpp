#include "model/index_turns.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using model::index_parts;
using model::IndexParts;
using model::IndexTurns;
using model::Timestamp;

namespace {

const Timestamp noon = model::parse_timestamp("2026-11-21T12:00:00Z").value();

/// Asked so long before noon.
IndexTurns asked_before(std::vector<std::chrono::minutes> ages) {
    IndexTurns turns;
    for (const auto age : ages) {
        turns.asked.push_back(noon - age);
    }
    return turns;
}

std::string text_of(const IndexParts& parts) {
    std::string text;
    for (const bool part : parts) {
        text += part ? 'x' : '.';
    }
    return text;
}

}  // namespace

TEST_CASE("the parts whose turn it is are those that would get too old", "[model][index_turns]") {
    const auto [why, ages, interval, due] = GENERATE(
        table<std::string, std::vector<std::chrono::minutes>, std::chrono::minutes, std::string>({
            {"every hour: the oldest alone", {1h, 2h, 3h, 4h}, 1h, "...x"},
            {"all alike: the first", {1h, 1h, 1h, 1h}, 1h, "x..."},
            {"two would pass a day", {22h + 1min, 1h, 22h + 1min, 2h}, 1h, "x.x."},
            {"just not: a day and not more with the margin", {22h, 1h, 2h, 3h}, 1h, "x..."},
            {"every six hours: what is older than 17", {17h + 1min, 17h, 6h, 12h}, 6h, "x..."},
            {"once a day: all", {24h, 24h, 24h, 24h}, 24h, "xxxx"},
            {"twice a day: all, for 24 hours later would be too late",
             {12h, 12h, 12h, 12h},
             12h,
             "xxxx"},
            {"a part in the future: a clock that went back", {-1h, 1h, 2h, 3h}, 1h, "x..x"},
            {"the last probe in the future", {1h, 1h, 1h, 1h}, -1min, "xxxx"},
            {"of another number of parts", {1h, 1h, 1h}, 1h, "xxxx"},
        }));
    CAPTURE(why);
    const auto turns = asked_before(ages);

    CHECK(text_of(model::parts_due(
              {.turns = &turns, .last_probe = noon - interval, .now = noon})) == due);
}

TEST_CASE("where nothing is known of turns, all are due", "[model][index_turns]") {
    CHECK(text_of(model::parts_due({.turns = nullptr, .last_probe = noon - 1h, .now = noon})) ==
          "xxxx");
}

TEST_CASE("each part is asked for once a day, however often a mirror is probed",
          "[model][index_turns]") {
    const auto interval = GENERATE(1min, 10min, 60min, 90min, 300min, 420min, 690min, 1380min);
    CAPTURE(interval.count());
    auto turns = model::turns_after({}, nullptr, {true, true, true, true}, noon);
    std::size_t parts_asked = 0;
    std::size_t probes = 0;
    auto last = noon;
    for (auto now = noon + interval; now < noon + 96h; now += interval) {
        const auto due = model::parts_due({.turns = &turns, .last_probe = last, .now = now});
        for (std::size_t part = 0; part < index_parts; ++part) {
            REQUIRE(now - turns.asked[part] <= 24h);
            parts_asked += due[part] ? 1 : 0;
        }
        turns = model::turns_after({}, &turns, due, now);
        last = now;
        ++probes;
    }
    if (interval <= 300min) {
        CHECK(parts_asked <= probes * 5 / 4 + index_parts);  // a part a probe, or hardly more
    }
}

TEST_CASE("what is kept says when each part was asked for last", "[model][index_turns]") {
    const auto before = asked_before({1h, 2h, 3h, 4h});

    const auto after = model::turns_after({}, &before, {false, true, false, true}, noon);

    CHECK(after.asked == std::vector<Timestamp>{noon - 1h, noon, noon - 3h, noon});
}
