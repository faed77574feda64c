#include "model/host_findings.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/mirrorwarden/probe_decisions.hpp"
#include "tools/mirrorwarden/testing/small_world.hpp"

#include <string>
#include <vector>

using namespace mirrorwarden;
using namespace mirrorwarden::testing;
using namespace std::chrono_literals;
using model::ProbeVerdict;

namespace {

constexpr auto day = 24h;

DecisionOptions usual(model::Timestamp when) {
    return {.notify_owners = true, .id_host = "prober.example", .when = when};
}

model::Observation behind(std::chrono::seconds lag) {
    model::Observation made;
    auto& suite = made.suites.emplace_back();
    suite.suite = "one";
    suite.integrity = model::Integrity::whole;
    suite.lag = model::Lag{.behind = lag, .is_estimated = false};
    return made;
}

/// Its Release was read; what is said of it is `integrity`.
model::Observation found(model::Integrity integrity) {
    auto made = behind({});
    made.suites.front().integrity = integrity;
    if (integrity != model::Integrity::missing) {
        made.suites.front().release_date = noon;
    }
    made.suites.front().lag.reset();
    return made;
}

/// As where the keyring is not there.
model::Observation with_unchecked_signature(model::Integrity integrity) {
    auto made = found(integrity);
    auto& finding = made.findings.emplace_back();
    finding.rule = "signature-unchecked";
    finding.subject = "one";
    return made;
}

model::Observation over_both(bool is_ipv6_alive) {
    model::Observation made;
    const model::Outcome ok{model::OutcomeKind::ok, 0};
    const model::Outcome dead{model::OutcomeKind::timeout_connect, 0};
    made.addresses = {{"192.0.2.7", ok}, {"2001:db8::7", is_ipv6_alive ? ok : dead}};
    made.findings =
        model::judge_addresses({.url = "http://m0.example/tiny/", .addresses = made.addresses});
    return made;
}

/// One distribution and its mirrors, probed once a day.
class Days {
public:
    explicit Days(model::Distribution distribution, int mirrors = 1) {
        world_.add(distribution);
        for (int i = 0; i < mirrors; ++i) {
            world_.add(small_mirror("m" + std::to_string(i), distribution.name));
        }
    }

    SmallWorld& world() { return world_; }
    bool is_enabled(const std::string& mirror = "m0") { return world_.state(mirror).enabled; }
    model::Timestamp now() const { return now_; }
    void set_clock(model::Timestamp now) { now_ = now; }

    /// One run over m0, m1, ...: a verdict and an observation each. Returns m0's enabled.
    bool run(const std::vector<ProbeVerdict>& verdicts,
             const std::vector<model::Observation>& observations = {}, bool is_doubted = false,
             bool notify_owners = true) {
        now_ += day;
        std::vector<ProbedMirror> probed;
        for (std::size_t i = 0; i < verdicts.size(); ++i) {
            probed.push_back(
                world_.probe("m" + std::to_string(i), verdicts[i], now_,
                             i < observations.size() ? observations[i] : model::Observation{}));
        }
        propose_changes(world_.store(), world_.distributions(), probed);
        auto doubts = doubt_numbers(probed);
        if (is_doubted) {
            doubts.push_back({"tiny", "the test says so"});
        }
        keep_last_mirrors(world_.store(), world_.distributions(), probed, doubts);
        auto options = usual(now_);
        options.notify_owners = notify_owners;
        const auto decisions =
            decide_mirrors(world_.store(), world_.distributions(), probed, doubts, options);
        world_.store().apply(decisions, {.who = "prober", .when = now_, .why = {}});
        return is_enabled();
    }

    /// "m0@owners.example: Mirror m0 of tiny was disabled" of the mails since the last call.
    std::vector<std::string> news() {
        std::vector<std::string> mails;
        const auto all = world_.store().outbox(true);
        for (; told_ < all.size(); ++told_) {
            mails.push_back(all[told_].message.to.address + ": " + all[told_].message.subject);
        }
        return mails;
    }

private:
    SmallWorld world_;
    model::Timestamp now_ = noon;
    std::size_t told_ = 0;
};

using Mails = std::vector<std::string>;
constexpr auto passed = ProbeVerdict::passed;
constexpr auto failed = ProbeVerdict::failed;

model::Distribution tiny(const std::vector<std::string>& disable_when = {}) {
    auto distribution = small_distribution("tiny");
    distribution.disable_when = disable_when;
    return distribution;
}

}  // namespace

TEST_CASE("without a policy a stale mirror stays", "[tools][policy_decisions]") {
    Days days{tiny()};

    CHECK(days.run({passed}, {behind(90 * day)}));
    CHECK(days.news().empty());
}

TEST_CASE("a policy disables a stale mirror and says why", "[tools][policy_decisions]") {
    Days days{tiny({"no-content", "lag>7d"})};

    CHECK_FALSE(days.run({passed}, {behind(9 * day)}));
    CHECK(days.world().state("m0").disabled_reason == "lag>7d: one is 9 d behind");
    CHECK(days.news() == Mails{"m0@owners.example: Mirror m0 of tiny was disabled",
                               "admin@tiny.example: Mirror m0 of tiny was disabled"});
    CHECK_FALSE(days.run({passed}, {behind(8 * day)}));
    CHECK(days.news().empty());
    CHECK(days.run({passed}, {behind(0 * day)}));
}

TEST_CASE("a mirror that hides its Release does not come back by that",
          "[tools][policy_decisions]") {
    Days days{tiny({"lag>7d"})};
    model::Observation silent;
    silent.suites.emplace_back().suite = "one";

    CHECK_FALSE(days.run({passed}, {behind(9 * day)}));
    CHECK_FALSE(days.run({passed}, {silent}));
    CHECK(days.run({passed}, {behind(0 * day)}));
}

TEST_CASE("what could not be judged brings no mirror back", "[tools][policy_decisions]") {
    using model::Integrity;
    struct Row {
        std::string rule;
        model::Observation bad;
        model::Observation untold;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {"bad-signature", found(Integrity::bad_signature),
         with_unchecked_signature(Integrity::unknown), "there is no keyring"},
        {"bad-signature", found(Integrity::bad_signature),
         with_unchecked_signature(Integrity::expired), "nor for a Release that is too old"},
        {"bad-signature", found(Integrity::bad_signature), found(Integrity::missing),
         "there is nothing to check"},
        {"bad-signature", found(Integrity::bad_signature), {}, "no suite was looked at"},
        {"torn", found(Integrity::torn), found(Integrity::unknown), "an index was not answered"},
        {"torn", found(Integrity::torn), found(Integrity::syncing), "it may be torn after that"},
        {"torn", found(Integrity::torn), found(Integrity::expired), "the indexes do not count"},
        {"torn", found(Integrity::torn), found(Integrity::bad_signature), "nor here"},
        {"foreign", found(Integrity::foreign), found(Integrity::bad_signature), "the worse hides"},
        {"expired", found(Integrity::expired), found(Integrity::foreign), "the same"},
        {"not-an-archive", found(Integrity::not_an_archive), {}, "no suite was looked at"},
        {"lag>7d", behind(9 * day), found(Integrity::whole), "its state is not known"},
    }));
    CAPTURE(row.rule, row.why);
    Days days{tiny({"no-content", row.rule})};

    REQUIRE_FALSE(days.run({passed}, {row.bad}));
    CHECK_FALSE(days.run({passed}, {row.untold}));
    CHECK_FALSE(days.run({failed}, {row.untold}));
    CHECK_FALSE(days.run({passed}, {row.untold}));
    CHECK(days.run({passed}, {behind(0 * day)}));
}

TEST_CASE("what could never be judged holds no mirror back", "[tools][policy_decisions]") {
    using model::Integrity;
    Days days{tiny({"no-content", "bad-signature", "torn", "lag>7d"})};

    CHECK_FALSE(days.run({failed}, {with_unchecked_signature(Integrity::unknown)}));
    CHECK(days.run({passed}, {with_unchecked_signature(Integrity::unknown)}));
}

TEST_CASE("a rule that a mirror broke while it was off counts, too", "[tools][policy_decisions]") {
    using model::Integrity;
    Days days{tiny({"no-content", "bad-signature"})};

    CHECK_FALSE(days.run({failed}));
    CHECK_FALSE(days.run({passed}, {found(Integrity::bad_signature)}));
    CHECK_FALSE(days.run({passed}, {with_unchecked_signature(Integrity::unknown)}));
    CHECK(days.run({passed}, {found(Integrity::whole)}));
}

TEST_CASE("what could not be judged is not one of the good probes in a row",
          "[tools][policy_decisions]") {
    using model::Integrity;
    auto distribution = tiny({"bad-signature"});
    distribution.successes_before_enable = 2;
    Days days{distribution};

    CHECK_FALSE(days.run({passed}, {found(Integrity::bad_signature)}));
    CHECK_FALSE(days.run({passed}, {with_unchecked_signature(Integrity::unknown)}));
    CHECK_FALSE(days.run({passed}, {found(Integrity::whole)}));
    CHECK(days.run({passed}, {found(Integrity::whole)}));
}

TEST_CASE("a mirror need not have all suites to come back", "[tools][policy_decisions]") {
    using model::Integrity;
    Days days{tiny({"bad-signature"})};
    auto partial = found(Integrity::missing);
    auto& other = partial.suites.emplace_back();
    other.suite = "two";
    other.integrity = Integrity::whole;
    other.release_date = noon;

    CHECK_FALSE(days.run({passed}, {found(Integrity::bad_signature)}));
    CHECK(days.run({passed}, {partial}));
}

TEST_CASE("failures in a row are counted by the policy of now", "[tools][policy_decisions]") {
    auto distribution = tiny({"lag>7d"});
    distribution.failures_before_disable = 3;
    Days days{distribution};

    CHECK(days.run({passed}, {behind(8 * day)}));
    CHECK(days.run({passed}, {behind(8 * day)}, true));  // a doubted one does not count
    CHECK(days.run({passed}, {behind(8 * day)}));
    CHECK_FALSE(days.run({passed}, {behind(8 * day)}));
}

TEST_CASE("failures are counted from the last time on that an admin enabled the mirror",
          "[tools][policy_decisions]") {
    auto distribution = tiny();
    distribution.failures_before_disable = 2;
    Days days{distribution};

    CHECK(days.run({failed}));
    CHECK_FALSE(days.run({failed}));
    REQUIRE(days.world()
                .store()
                .enable_mirror("m0", {.who = "admin", .when = days.now() + 1h, .why = "moved"}, {})
                .has_value());
    CHECK(days.run({failed}));
    CHECK_FALSE(days.run({failed}));
    CHECK_FALSE(days.run({failed}));
    CHECK(days.run({passed}));  // the prober's own word begins nothing anew
}

TEST_CASE("what a clock that was ahead wrote does not count", "[tools][policy_decisions]") {
    auto distribution = tiny();
    distribution.failures_before_disable = 2;
    distribution.successes_before_enable = 2;
    Days days{distribution};
    const auto right = days.now();
    days.set_clock(right + 365 * day);
    CHECK(days.run({passed}));
    days.set_clock(right);

    CHECK(days.run({failed}));
    CHECK_FALSE(days.run({failed}));
    CHECK_FALSE(days.run({passed}));
    CHECK(days.run({passed}));
}

TEST_CASE("a mirror comes back after as many good probes as are asked for",
          "[tools][policy_decisions]") {
    auto distribution = tiny();
    distribution.successes_before_enable = 2;
    Days days{distribution};

    CHECK_FALSE(days.run({failed}));
    CHECK_FALSE(days.run({passed}));
    CHECK_FALSE(days.run({failed}));
    CHECK_FALSE(days.run({passed}));
    CHECK(days.run({passed}));
}

TEST_CASE("a mirror in maintenance is neither disabled nor mailed about",
          "[tools][policy_decisions]") {
    Days days{tiny()};
    REQUIRE(days.world()
                .store()
                .set_maintenance("m0", days.now() + day + 1h,
                                 {.who = "admin", .when = days.now(), .why = "moves"})
                .has_value());

    CHECK(days.run({failed}, {over_both(false)}));
    CHECK(days.news().empty());
    // Over by now.
    CHECK_FALSE(days.run({failed}));
}

TEST_CASE("the last mirrors of a country stay, and the admins are told once",
          "[tools][policy_decisions]") {
    auto distribution = tiny();
    distribution.never_below = 1;
    Days days{distribution, 2};

    CHECK_FALSE(days.run({failed, failed}));
    CHECK(days.is_enabled("m1"));
    CHECK(days.news() ==
          Mails{"m0@owners.example: Mirror m0 of tiny was disabled",
                "admin@tiny.example: Mirror m0 of tiny was disabled",
                "admin@tiny.example: Mirror m1 of tiny has failed, but stays enabled"});
    days.run({failed, failed});
    CHECK(days.is_enabled("m1"));
    CHECK(days.news().empty());
}

TEST_CASE("a run that would disable most mirrors for their lag doubts itself",
          "[tools][policy_decisions]") {
    Days days{tiny({"lag>7d"}), 6};
    const std::vector<model::Observation> all_behind(6, behind(9 * day));

    CHECK(days.run({passed, passed, passed, passed, passed, passed}, all_behind));
    CHECK(days.news() ==
          Mails{"admin@tiny.example: Doubtful probe of the mirrors of tiny: nothing was disabled"});
}

TEST_CASE("a doubted run tells of all mirrors that it would have disabled",
          "[tools][policy_decisions]") {
    auto distribution = tiny();
    distribution.never_below = 6;
    Days days{distribution, 6};

    CHECK(days.run({failed, failed, failed, failed, failed, failed}));
    REQUIRE(days.world().store().outbox(true).size() == 1);
    CHECK(days.world().store().outbox(true)[0].message.body.find("  * m5\n") != std::string::npos);
}

TEST_CASE("an owner is told once that IPv6 is dead, and once that it is back",
          "[tools][policy_decisions]") {
    Days days{tiny()};
    days.run({passed}, {over_both(true)});
    CHECK(days.news().empty());

    CHECK(days.run({passed}, {over_both(false)}));
    CHECK(days.news() == Mails{"m0@owners.example: Mirror m0 of tiny does not answer over IPv6"});
    days.run({passed}, {over_both(false)});
    CHECK(days.news().empty());
    days.run({passed}, {over_both(true)});
    CHECK(days.news() == Mails{"m0@owners.example: Mirror m0 of tiny answers over IPv6 again"});
}

TEST_CASE("a state that began in a doubted run is told by the next", "[tools][policy_decisions]") {
    Days days{tiny()};
    days.run({passed}, {over_both(true)});

    days.run({passed}, {over_both(false)}, true);
    days.news();  // of the doubt
    days.run({passed}, {over_both(false)});

    CHECK(days.news() == Mails{"m0@owners.example: Mirror m0 of tiny does not answer over IPv6"});
}

TEST_CASE("a state that began in maintenance is told when that is over, once",
          "[tools][policy_decisions]") {
    Days days{tiny()};
    days.run({passed}, {over_both(true)});
    REQUIRE(days.world()
                .store()
                .set_maintenance("m0", days.now() + 2 * day + 1h,
                                 {.who = "admin", .when = days.now(), .why = "moves"})
                .has_value());
    auto in_maintenance = over_both(false);
    in_maintenance.in_maintenance = true;

    days.run({passed}, {in_maintenance});
    days.run({passed}, {in_maintenance});
    CHECK(days.news().empty());

    days.run({passed}, {over_both(false)});
    CHECK(days.news() == Mails{"m0@owners.example: Mirror m0 of tiny does not answer over IPv6"});
    days.run({passed}, {over_both(false)});
    CHECK(days.news().empty());
}

TEST_CASE("owners who are spared mail are spared that of states too", "[tools][policy_decisions]") {
    Days days{tiny()};

    days.run({passed}, {over_both(false)}, false, false);

    CHECK(days.news().empty());
}

TEST_CASE("the mail to an owner tells what was found of the mirror's suites",
          "[tools][policy_decisions]") {
    Days days{tiny({"bad-signature"})};
    auto unsigned_suite = behind({});
    unsigned_suite.suites.front().integrity = model::Integrity::bad_signature;
    unsigned_suite.findings = {{.rule = "unsigned",
                                .severity = model::Severity::bad,
                                .subject = "one",
                                .summary = "nobody signed the Release of one",
                                .request = {},
                                .answer = {},
                                .expected = {},
                                .curl = {},
                                .remedy = {}}};

    days.run({passed}, {unsigned_suite});

    const auto mails = days.world().store().outbox(true);
    REQUIRE_FALSE(mails.empty());
    CHECK(mails.front().message.body.find("nobody signed the Release of one") != std::string::npos);
}
