#include "tools/mirrorwarden/probe_decisions.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/mirrorwarden/testing/small_world.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

using namespace mirrorwarden;
using namespace mirrorwarden::testing;
using namespace std::chrono_literals;
using model::Change;
using model::ProbeVerdict;
using prober::PrimaryAnswer;

namespace {

const DecisionOptions usual{.notify_owners = true, .id_host = "prober.example", .when = noon};
const model::Author by_prober{.who = "prober", .when = noon, .why = {}};

SmallWorld world_of(int mirrors, const model::Distribution& distribution) {
    SmallWorld world;
    world.add(distribution);
    for (int i = 0; i < mirrors; ++i) {
        world.add(small_mirror("m" + std::to_string(i), distribution.name));
    }
    return world;
}

/// Mirrors m0, m1, ... of which the first `failed` have failed.
std::vector<ProbedMirror> probe_all(SmallWorld& world, int mirrors, int failed) {
    std::vector<ProbedMirror> probed;
    probed.reserve(static_cast<std::size_t>(mirrors));
    for (int i = 0; i < mirrors; ++i) {
        probed.push_back(world.probe("m" + std::to_string(i),
                                     i < failed ? ProbeVerdict::failed : ProbeVerdict::passed));
    }
    propose_changes(world.store(), world.distributions(), probed);
    return probed;
}

/// All of a decision phase. Returns how many changes were made.
std::size_t decide_and_apply(SmallWorld& world, std::vector<ProbedMirror>& probed,
                             std::vector<Doubt> doubts, const DecisionOptions& options = usual) {
    const auto decisions =
        decide_mirrors(world.store(), world.distributions(), probed, doubts, options);
    const auto made = world.store().apply(decisions, by_prober);
    std::size_t changes = 0;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        changes += made[i] && decisions[i].change != Change::none ? 1 : 0;
    }
    return changes;
}

std::multiset<std::string> recipients(SmallWorld& world) {
    std::multiset<std::string> addresses;
    for (const auto& entry : world.store().outbox(true)) {
        addresses.insert(entry.message.to.address);
    }
    return addresses;
}

}  // namespace

TEST_CASE("a mirror without an index is disabled, and its people are told",
          "[tools][probe_decisions]") {
    auto world = world_of(3, small_distribution("tiny"));
    auto probed = probe_all(world, 3, 1);

    const auto doubts = doubt_numbers(probed);
    const auto changes = decide_and_apply(world, probed, doubts);

    CHECK(doubts.empty());
    CHECK(changes == 1);
    CHECK_FALSE(world.state("m0").enabled);
    CHECK(world.state("m0").disabled_by == model::DisabledBy::prober);
    CHECK(world.state("m0").disabled_reason == "has none of the 2 indexes that it was asked for");
    CHECK(world.state("m1").enabled);
    CHECK(recipients(world) ==
          std::multiset<std::string>{"m0@owners.example", "admin@tiny.example"});
    CHECK(world.store().probes(world.state("m1").id, 1).at(0).record.decided);
}

TEST_CASE("an owner can be spared the mail, a decision cannot", "[tools][probe_decisions]") {
    auto world = world_of(1, small_distribution("tiny"));
    auto probed = probe_all(world, 1, 1);
    auto options = usual;
    options.notify_owners = false;

    decide_and_apply(world, probed, {}, options);

    CHECK_FALSE(world.state("m0").enabled);
    CHECK(recipients(world) == std::multiset<std::string>{"admin@tiny.example"});
}

TEST_CASE("a run that would disable most mirrors doubts itself", "[tools][probe_decisions]") {
    const auto [why, mirrors, failed, is_doubted] = GENERATE(table<std::string, int, int, bool>({
        {"5 of 9", 9, 5, true},
        {"all of 5", 5, 5, true},
        {"5 of 10 is not more than half", 10, 5, false},
        {"4 are too few to tell", 4, 4, false},
    }));
    CAPTURE(why);
    auto world = world_of(mirrors, small_distribution("tiny"));
    auto probed = probe_all(world, mirrors, failed);

    const auto doubts = doubt_numbers(probed);
    const auto changes = decide_and_apply(world, probed, doubts);

    CHECK(doubts.size() == (is_doubted ? 1 : 0));
    CHECK(changes == (is_doubted ? 0U : static_cast<std::size_t>(failed)));
    CHECK(world.state("m0").enabled == is_doubted);
    const auto record = world.store().probes(world.state("m0").id, 1).at(0).record;
    CHECK(record.suspect == is_doubted);
    CHECK(record.decided);
    if (is_doubted) {
        CHECK(recipients(world) == std::multiset<std::string>{"admin@tiny.example"});
    }
}

TEST_CASE("a run of ours that failed is doubted where several failures are asked for, too",
          "[tools][probe_decisions]") {
    auto distribution = small_distribution("tiny");
    distribution.failures_before_disable = 2;
    auto world = world_of(6, distribution);
    auto ours = probe_all(world, 6, 6);
    const auto doubts = doubt_numbers(ours);
    decide_and_apply(world, ours, doubts);

    auto next = probe_all(world, 6, 1);
    decide_and_apply(world, next, doubt_numbers(next));

    REQUIRE(doubts.size() == 1);
    CHECK(doubts[0].reason ==
          "6 of 6 enabled mirrors of this run failed at once, which is more likely our fault than "
          "theirs");
    CHECK(world.state("m0").enabled);  // this was its first failure
    REQUIRE(world.store().outbox(true).size() == 1);
    CHECK(world.store().outbox(true)[0].message.body.find("  * m5\n") != std::string::npos);
}

TEST_CASE("a run that found no name at all doubts its name servers", "[tools][probe_decisions]") {
    using Outcomes = std::vector<model::OutcomeCounts>;
    const model::OutcomeCounts no_name = {{"name-not-resolved", 1}, {"skipped", 1}};
    const model::OutcomeCounts missing = {{"http-status 404", 2}};
    const auto [why, outcomes, is_doubted] = GENERATE_COPY(table<std::string, Outcomes, bool>({
        {"two names", Outcomes{no_name, no_name}, true},
        {"one name may be gone", Outcomes{no_name}, false},
        {"one of two was found", Outcomes{no_name, missing}, false},
        {"they were found", Outcomes{missing, missing}, false},
        {"nobody was asked", Outcomes{{}, {}}, false},
    }));
    CAPTURE(why);
    const auto mirrors = static_cast<int>(outcomes.size());
    auto world = world_of(mirrors, small_distribution("tiny"));
    auto probed = probe_all(world, mirrors, mirrors);
    for (std::size_t i = 0; i < probed.size(); ++i) {
        probed[i].record.outcomes = outcomes[i];
    }

    CHECK(doubt_numbers(probed).size() == (is_doubted ? 1 : 0));
}

TEST_CASE("a mirror in maintenance fails for reasons of its own", "[tools][probe_decisions]") {
    auto distribution = small_distribution("tiny");
    distribution.primary_url = "http://primary.example/tiny/";
    auto world = world_of(6, distribution);
    for (int i = 0; i < 5; ++i) {
        REQUIRE(world.store()
                    .set_maintenance("m" + std::to_string(i), noon + 24h,
                                     {.who = "admin", .when = noon, .why = "moves"})
                    .has_value());
    }

    const auto probed = probe_all(world, 6, 5);

    CHECK(doubt_numbers(probed).empty());
    CHECK(primaries_to_ask(world.distributions(), probed, {}).empty());
}

TEST_CASE("a doubted distribution does not keep another from its decisions",
          "[tools][probe_decisions]") {
    auto world = world_of(5, small_distribution("tiny"));
    world.add(small_distribution("other"));
    std::vector<ProbedMirror> probed;
    for (int i = 0; i < 20; ++i) {
        world.add(small_mirror("o" + std::to_string(i), "other"));
        probed.push_back(world.probe("o" + std::to_string(i),
                                     i == 0 ? ProbeVerdict::failed : ProbeVerdict::passed));
    }
    for (int i = 0; i < 5; ++i) {
        probed.push_back(world.probe("m" + std::to_string(i), ProbeVerdict::failed));
    }
    propose_changes(world.store(), world.distributions(), probed);

    const auto doubts = doubt_numbers(probed);
    decide_and_apply(world, probed, doubts);

    REQUIRE(doubts.size() == 1);
    CHECK(doubts[0].distribution == "tiny");
    CHECK(world.state("m0").enabled);
    CHECK_FALSE(world.state("o0").enabled);
}

TEST_CASE("a run that is doubted as a whole decides nothing anywhere", "[tools][probe_decisions]") {
    SmallWorld world;
    std::vector<ProbedMirror> probed;
    // Three of each distribution: neither would be doubted alone.
    for (const std::string distribution : {"tiny", "other"}) {
        world.add(small_distribution(distribution));
        for (int i = 0; i < 3; ++i) {
            const auto name = distribution + std::to_string(i);
            world.add(small_mirror(name, distribution));
            probed.push_back(world.probe(name, ProbeVerdict::failed));
        }
    }
    propose_changes(world.store(), world.distributions(), probed);

    const auto doubts = doubt_numbers(probed);

    CHECK(doubts.size() == 2);
    CHECK(decide_and_apply(world, probed, doubts) == 0);
    CHECK(recipients(world) ==
          std::multiset<std::string>{"admin@tiny.example", "admin@other.example"});
}

TEST_CASE("mirrors that were off already do not weigh in the doubt", "[tools][probe_decisions]") {
    auto world = world_of(9, small_distribution("tiny"));
    auto first = probe_all(world, 9, 4);
    decide_and_apply(world, first, {});

    // The four that are off fail again, and only one of the other five does.
    auto second = probe_all(world, 9, 5);

    CHECK(doubt_numbers(second).empty());
    CHECK(decide_and_apply(world, second, {}) == 1);
    CHECK_FALSE(world.state("m4").enabled);
}

TEST_CASE("the primary archive is asked where a mirror failed", "[tools][probe_decisions]") {
    auto distribution = small_distribution("tiny");
    distribution.failures_before_disable = GENERATE(1, 2);
    distribution.primary_url = "http://primary.example/tiny/";
    auto world = world_of(3, distribution);

    auto none_failed = probe_all(world, 3, 0);
    CHECK(primaries_to_ask(world.distributions(), none_failed, {}).empty());

    auto probed = probe_all(world, 3, 1);
    CHECK(primaries_to_ask(world.distributions(), probed, {}) == std::vector<std::string>{"tiny"});
    const std::vector<Doubt> doubts = {{"tiny", "doubted already"}};
    CHECK(primaries_to_ask(world.distributions(), probed, doubts).empty());
}

TEST_CASE("a distribution without a primary archive is not held up", "[tools][probe_decisions]") {
    auto world = world_of(3, small_distribution("tiny"));
    auto probed = probe_all(world, 3, 1);

    CHECK(primaries_to_ask(world.distributions(), probed, {}).empty());
}

TEST_CASE("only a primary archive that carries the indexes dispels the doubt",
          "[tools][probe_decisions]") {
    const auto [answer, is_doubted] = GENERATE(table<PrimaryAnswer, bool>({
        {PrimaryAnswer::carries, false},
        {PrimaryAnswer::has_none, true},
        {PrimaryAnswer::unreachable, true},
        {PrimaryAnswer::answers_everything, true},
    }));
    auto distribution = small_distribution("tiny");
    distribution.primary_url = "http://primary.example/tiny/";
    auto world = world_of(1, distribution);
    auto probed = probe_all(world, 1, 1);

    const auto doubts = doubt_primary(distribution, answer);
    decide_and_apply(world, probed, doubts);

    CHECK(doubts.empty() == !is_doubted);
    CHECK(world.state("m0").enabled == is_doubted);
    CHECK(world.store().probes(probed[0].mirror.state.id, 1).at(0).record.suspect == is_doubted);
}

TEST_CASE("a mirror that the prober disabled comes back after a good probe",
          "[tools][probe_decisions]") {
    auto world = world_of(1, small_distribution("tiny"));
    auto bad = probe_all(world, 1, 1);
    decide_and_apply(world, bad, {});
    REQUIRE_FALSE(world.state("m0").enabled);

    auto options = usual;
    options.when = noon + 1h;
    auto good = probe_all(world, 1, 0);
    const auto changes = decide_and_apply(world, good, {}, options);

    CHECK(changes == 1);
    CHECK(world.state("m0").enabled);
    CHECK(recipients(world).count("m0@owners.example") == 2);
}

TEST_CASE("a doubted run brings no mirror back either", "[tools][probe_decisions]") {
    auto world = world_of(1, small_distribution("tiny"));
    auto bad = probe_all(world, 1, 1);
    decide_and_apply(world, bad, {});

    auto good = probe_all(world, 1, 0);
    decide_and_apply(world, good, {{"tiny", "some reason"}});

    CHECK_FALSE(world.state("m0").enabled);
}

TEST_CASE("a mirror that an admin disabled is left alone", "[tools][probe_decisions]") {
    auto world = world_of(1, small_distribution("tiny"));
    REQUIRE(world.store()
                .disable_mirror("m0", {.who = "admin", .when = noon, .why = "broken"}, {})
                .has_value());
    const auto verdict = GENERATE(ProbeVerdict::passed, ProbeVerdict::failed);

    std::vector<ProbedMirror> probed = {world.probe("m0", verdict)};
    propose_changes(world.store(), world.distributions(), probed);
    decide_and_apply(world, probed, {});

    CHECK(world.state("m0").disabled_by == model::DisabledBy::admin);
    CHECK(recipients(world).empty());
}

TEST_CASE("an admin's word during the run wins over its decision", "[tools][probe_decisions]") {
    auto world = world_of(1, small_distribution("tiny"));
    auto probed = probe_all(world, 1, 1);
    REQUIRE(world.store()
                .disable_mirror("m0", {.who = "admin", .when = noon, .why = "closed"}, {})
                .has_value());

    CHECK(decide_and_apply(world, probed, {}) == 0);
    CHECK(world.state("m0").disabled_by == model::DisabledBy::admin);
    CHECK(recipients(world).empty());
}

TEST_CASE("a distribution may ask for several failures in a row", "[tools][probe_decisions]") {
    auto distribution = small_distribution("tiny");
    distribution.failures_before_disable = 3;
    auto world = world_of(1, distribution);
    const auto probe = [&world](ProbeVerdict verdict, std::vector<Doubt> doubts = {}) {
        std::vector<ProbedMirror> probed = {world.probe("m0", verdict)};
        propose_changes(world.store(), world.distributions(), probed);
        decide_and_apply(world, probed, std::move(doubts));
        return world.state("m0").enabled;
    };

    CHECK(probe(ProbeVerdict::failed));
    CHECK(probe(ProbeVerdict::failed));
    CHECK(probe(ProbeVerdict::passed));  // the row begins again
    CHECK(probe(ProbeVerdict::failed));
    CHECK(probe(ProbeVerdict::failed, {{"tiny", "a doubted one does not count"}}));
    CHECK(probe(ProbeVerdict::failed));
    CHECK_FALSE(probe(ProbeVerdict::failed));
}

TEST_CASE("a mirror of which nothing is expected is neither disabled nor enabled",
          "[tools][probe_decisions]") {
    auto world = world_of(1, small_distribution("tiny"));
    std::vector<ProbedMirror> probed = {world.probe("m0", ProbeVerdict::nothing_expected)};
    propose_changes(world.store(), world.distributions(), probed);

    CHECK(decide_and_apply(world, probed, {}) == 0);
    CHECK(world.state("m0").enabled);
}
