#include "model/deep_turn.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::deep_turn;
using model::Observation;

namespace {

Observation after(std::optional<std::uint32_t> since, bool is_deep = false) {
    Observation observation;
    observation.since_deep = since;
    observation.is_deep = is_deep;
    observation.deep_chance = is_deep ? 77 : 0;
    return observation;
}

Observation deep_with(const std::string& rule) {
    auto observation = after(0, true);
    model::Finding finding;
    finding.rule = rule;
    observation.findings = {finding};
    return observation;
}

}  // namespace

TEST_CASE("of so many probes of a mirror one is deep by itself", "[model][deep_turn]") {
    const auto [why, every, last, is_deep, since] =
        GENERATE(table<std::string, int, Observation, bool, std::optional<std::uint32_t>>({
            {"none is deep, and nobody counts", 0, after(std::nullopt), false, std::nullopt},
            {"none is any more", 0, after(6), false, std::nullopt},
            {"each is", 1, after(0, true), true, 0},
            {"the last was", 3, after(0, true), false, 1},
            {"one to go", 3, after(1), false, 2},
            {"its turn", 3, after(2), true, 0},
            {"fewer than before are asked for: it is late", 3, after(9), true, 0},
        }));
    CAPTURE(why);

    const auto turn =
        deep_turn({.mirror = "m", .every = every, .is_wanted = false, .last = &last, .chance = 5});

    CHECK(turn.is_deep == is_deep);
    CHECK(turn.since == since);
}

TEST_CASE("what is asked for is deep, and the turn begins anew", "[model][deep_turn]") {
    const auto last = after(1);
    const auto counted =
        deep_turn({.mirror = "m", .every = 3, .is_wanted = true, .last = &last, .chance = 5});
    CHECK(counted.is_deep);
    CHECK(counted.since == 0U);

    const auto never =
        deep_turn({.mirror = "m", .every = 0, .is_wanted = true, .last = nullptr, .chance = 5});
    CHECK(never.is_deep);
    CHECK_FALSE(never.since);
}

TEST_CASE("each mirror has one deep probe in its first turn, and not all in one run",
          "[model][deep_turn]") {
    constexpr int every = 7;
    std::vector<int> deep_in_run(every);
    for (int mirror = 0; mirror < 100; ++mirror) {
        const auto name = "mirror-" + std::to_string(mirror);
        CAPTURE(name);
        Observation last;
        int deep = 0;
        for (int run = 0; run < every; ++run) {
            const auto turn = deep_turn({.mirror = name,
                                         .every = every,
                                         .is_wanted = false,
                                         .last = run == 0 ? nullptr : &last,
                                         .chance = 5});
            last = after(turn.since, turn.is_deep);
            deep += turn.is_deep ? 1 : 0;
            deep_in_run[static_cast<std::size_t>(run)] += turn.is_deep ? 1 : 0;
        }
        CHECK(deep == 1);
    }
    for (const int mirrors : deep_in_run) {
        CHECK(mirrors < 35);  // 14 of 100 on average
    }
}

TEST_CASE("a wrong file is looked at again until it is mended", "[model][deep_turn]") {
    const auto [rule, every, is_deep] = GENERATE(table<std::string, int, bool>({
        {"index-wrong-hash", 7, true},
        {"pool-file-missing", 7, true},
        {"pool-file-wrong-hash", 7, true},
        {"pool-file-wrong-size", 7, true},
        {"by-hash-missing", 7, false},
        {"torn-index", 7, false},
        {"index-wrong-hash", 0, false},
    }));
    CAPTURE(rule, every);
    const auto last = deep_with(rule);

    const auto turn =
        deep_turn({.mirror = "m", .every = every, .is_wanted = false, .last = &last, .chance = 5});

    CHECK(turn.is_deep == is_deep);
    CHECK(turn.chance == (is_deep ? 77 : 0));
    auto plain = last;
    plain.is_deep = false;  // what it says was found by other means
    CHECK_FALSE(
        deep_turn({.mirror = "m", .every = every, .is_wanted = false, .last = &plain, .chance = 5})
            .is_deep);
}

TEST_CASE("each mirror has a chance of its own", "[model][deep_turn]") {
    const auto chance = [](std::string_view mirror, std::uint32_t of_run) {
        return deep_turn({.mirror = mirror,
                          .every = 1,
                          .is_wanted = false,
                          .last = nullptr,
                          .chance = of_run})
            .chance;
    };
    CHECK(chance("a", 5) == chance("a", 5));
    CHECK(chance("a", 5) != chance("a", 6));
    CHECK(chance("a", 5) != chance("b", 5));
}
