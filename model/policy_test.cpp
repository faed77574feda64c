#include "model/policy.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::Change;
using model::DisableReason;
using model::Integrity;
using model::ProbeVerdict;
using Kind = DisableReason::Kind;

namespace {

constexpr std::chrono::hours day{24};

model::SuiteState suite(std::string name, Integrity integrity,
                        std::optional<std::chrono::seconds> behind) {
    model::SuiteState state;
    state.suite = std::move(name);
    state.integrity = integrity;
    if (behind) {
        state.lag = model::Lag{.behind = *behind, .is_estimated = false};
    }
    return state;
}

model::SuiteState read_but_unknown(std::string name) {
    auto state = suite(std::move(name), Integrity::unknown, {});
    state.release_date = model::Timestamp{};
    return state;
}

model::Policy policy(const std::vector<std::string>& words) {
    model::Policy made;
    for (const auto& word : words) {
        made.disable_when.push_back(*model::parse_disable_reason(word));
    }
    return made;
}

}  // namespace

TEST_CASE("the words of disable_when are read", "[model][policy]") {
    const auto [text, expected] = GENERATE(table<std::string, DisableReason>({
        {"no-content", {Kind::no_content, {}}},
        {"bad-signature", {Kind::bad_signature, {}}},
        {"foreign", {Kind::foreign, {}}},
        {"not-an-archive", {Kind::not_an_archive, {}}},
        {"torn", {Kind::torn, {}}},
        {"expired", {Kind::expired, {}}},
        {"lag>7d", {Kind::lag, 7 * day}},
        {"lag>90m", {Kind::lag, std::chrono::minutes{90}}},
        {"lag > 2w", {Kind::lag, 14 * day}},
    }));
    CAPTURE(text);

    const auto reason = model::parse_disable_reason(text);

    REQUIRE(reason.has_value());
    CHECK(*reason == expected);
}

TEST_CASE("a word that is none says what was meant", "[model][policy]") {
    const auto [text, part, why] = GENERATE(table<std::string, std::string, std::string>({
        {"tron", "did you mean \"torn\"?", "swapped letters"},
        {"bad-signatur", "did you mean \"bad-signature\"?", "cut off"},
        {"Torn", "did you mean \"torn\"?", "words are spelled one way"},
        {"slow", "the reasons are no-content, bad-signature, foreign", "near to nothing"},
        {"", "the reasons are", "empty"},
        {"lag", "lag>7d", "no limit"},
        {"lag>", "a whole number and m, h, d or w", "no time"},
        {"lag>7", "a whole number and m, h, d or w", "no unit"},
        {"lag>7y", "as in \"lag>7d\"", "unknown unit"},
        {"lag<7d", "did you mean \"lag>7d\"?", "the wrong way round"},
    }));
    CAPTURE(text, why);

    const auto reason = model::parse_disable_reason(text);

    REQUIRE(reason.has_error());
    CAPTURE(reason.error());
    CHECK(reason.error().find(part) != std::string::npos);
}

TEST_CASE("reasons are written as they are read", "[model][policy]") {
    const std::string text =
        GENERATE("no-content", "bad-signature", "foreign", "torn", "expired", "lag>36h", "lag>7d");

    CHECK(to_string(*model::parse_disable_reason(text)) == text);
}

TEST_CASE("a probe fails by what its distribution does not put up with", "[model][policy]") {
    struct Row {
        std::vector<std::string> reasons;
        ProbeVerdict verdict;
        std::vector<model::SuiteState> suites;
        ProbeVerdict expected;
        std::vector<std::string> why_expected;
        std::string why;
    };
    constexpr auto passed = ProbeVerdict::passed;
    constexpr auto failed = ProbeVerdict::failed;
    constexpr auto nothing = ProbeVerdict::nothing_expected;
    const auto row = GENERATE(values<Row>({
        {{}, passed, {suite("a", Integrity::torn, 90 * day)}, passed, {}, "off unless asked for"},
        {{}, failed, {}, failed, {"no-content"}, "the rule of old"},
        {{"torn"},
         failed,
         {},
         passed,
         {},
         "a list that leaves no-content out does without it: it was asked so"},
        {{"no-content", "torn"}, failed, {}, failed, {"no-content"}, "the first of two"},
        {{"torn"}, nothing, {suite("a", Integrity::torn, {})}, nothing, {}, "no verdict at all"},
        {{"torn"},
         passed,
         {suite("a", Integrity::whole, {}), suite("b", Integrity::torn, {})},
         failed,
         {"torn: b is torn"},
         "one suite is enough, and it is named"},
        {{"torn"}, passed, {suite("a", Integrity::syncing, {})}, passed, {}, "it may still sync"},
        {{"torn"},
         passed,
         {suite("a", Integrity::unknown, {})},
         passed,
         {},
         "no Release came: nothing against it"},
        {{"torn"},
         passed,
         {read_but_unknown("a")},
         passed,
         {},
         "a Release came, and only its signature or an index could not be told"},
        {{"no-content"},
         passed,
         {suite("a", Integrity::unknown, {})},
         passed,
         {},
         "no suites asked"},
        {{}, passed, {suite("a", Integrity::unknown, {})}, passed, {}, "the rules of old"},
        {{"torn"},
         passed,
         {suite("a", Integrity::unknown, {}), suite("b", Integrity::torn, {})},
         failed,
         {"torn: b is torn"},
         "what is known is held against it all the same"},
        {{"bad-signature"},
         passed,
         {suite("a", Integrity::bad_signature, {})},
         failed,
         {"bad-signature: a is bad-signature"},
         "signature"},
        {{"bad-signature"}, passed, {suite("a", Integrity::foreign, {})}, passed, {}, "not that"},
        {{"foreign"},
         passed,
         {suite("a", Integrity::foreign, {})},
         failed,
         {"foreign: a is foreign"},
         "foreign"},
        {{"not-an-archive"},
         passed,
         {suite("a", Integrity::not_an_archive, {})},
         failed,
         {"not-an-archive: a is not-an-archive"},
         "parked"},
        {{"expired"},
         passed,
         {suite("a", Integrity::expired, 3 * day)},
         failed,
         {"expired: a is expired"},
         "old"},
        {{"expired"},
         passed,
         {suite("a", Integrity::expired, 0 * day)},
         passed,
         {},
         "the primary has nothing newer"},
        {{"expired"},
         passed,
         {suite("a", Integrity::expired, {})},
         failed,
         {"expired: a is expired"},
         "nothing is known of the primary"},
        {{"lag>7d"}, passed, {suite("a", Integrity::whole, 7 * day)}, passed, {}, "just not over"},
        {{"lag>7d"},
         passed,
         {suite("a", Integrity::whole, 7 * day + std::chrono::seconds{1}),
          suite("b", Integrity::torn, 9 * day), suite("c", Integrity::whole, {})},
         failed,
         {"lag>7d: a is 7 d behind, b is 9 d behind"},
         "all that are over are named; a lag that is not known is none"},
        {{"lag>7d", "torn"},
         passed,
         {suite("a", Integrity::torn, 8 * day)},
         failed,
         {"lag>7d: a is 8 d behind", "torn: a is torn"},
         "two reasons, in the order of the list"},
    }));
    CAPTURE(row.why);
    model::Observation observation;
    observation.suites = row.suites;

    const auto judged = model::judge_probe(policy(row.reasons), row.verdict, observation);

    CHECK(judged.verdict == row.expected);
    CHECK(judged.why == row.why_expected);
}

TEST_CASE("a policy decides as the rules of old, later where it asks for more", "[model][policy]") {
    struct Row {
        bool enabled;
        ProbeVerdict verdict;
        model::PolicyHistory history;
        int failures;
        int successes;
        Change expected;
        std::string why;
    };
    constexpr auto passed = ProbeVerdict::passed;
    constexpr auto failed = ProbeVerdict::failed;
    const auto row = GENERATE(values<Row>({
        {true, failed, {0, 0, false}, 1, 1, Change::disable, "the first failure is enough"},
        {true, failed, {1, 0, false}, 3, 1, Change::none, "second of three"},
        {true, failed, {2, 0, false}, 3, 1, Change::disable, "third of three"},
        {true, failed, {9, 0, true}, 1, 1, Change::none, "in maintenance nobody goes"},
        {false, passed, {5, 0, false}, 1, 1, Change::enable, "one good probe is enough"},
        {false, passed, {5, 0, false}, 1, 2, Change::none, "first of two"},
        {false, passed, {0, 1, false}, 1, 2, Change::enable, "second of two"},
        {false, passed, {0, 9, true}, 1, 1, Change::none, "in maintenance nobody comes back"},
        {false, passed, {0, 0, false}, 1, 0, Change::enable, "a limit below 1 is 1"},
        {true, passed, {0, 9, false}, 1, 1, Change::none, "all is well"},
    }));
    CAPTURE(row.why);
    model::MirrorState state;
    state.enabled = row.enabled;
    state.disabled_by = row.enabled ? model::DisabledBy::nobody : model::DisabledBy::prober;
    model::Policy asked;
    asked.failures_before_disable = row.failures;
    asked.successes_before_enable = row.successes;

    CHECK(model::decide(state, asked, row.verdict, row.history) == row.expected);
}

TEST_CASE("an admin's word stands under every policy", "[model][policy]") {
    model::MirrorState state;
    state.enabled = false;
    state.disabled_by = model::DisabledBy::admin;

    CHECK(model::decide(state, {}, ProbeVerdict::passed, {0, 99, false}) == Change::none);
}

TEST_CASE("history counts one row, and doubts neither count nor end it", "[model][policy]") {
    // Newest first: p passed, f failed, n nothing expected; capitals do not count.
    const auto [probes, failures, successes, why] =
        GENERATE(table<std::string, int, int, std::string>({
            {"", 0, 0, "never probed"},
            {"ppf", 0, 2, "passed twice"},
            {"ffp", 2, 0, "failed twice"},
            {"FFF", 0, 0, "our own outage"},
            {"fFf", 2, 0, "an outage between"},
            {"pFp", 0, 2, "the same for good ones"},
            {"fPf", 2, 0, "a suspect pass forgives nothing"},
            {"nff", 0, 0, "no verdict ends the row"},
            {"fnf", 1, 0, "the same, later"},
        }));
    CAPTURE(probes, why);
    std::vector<model::JudgedProbe> newest_first;
    for (const char letter : std::string{probes}) {
        const char small = letter < 'a' ? static_cast<char>(letter - 'A' + 'a') : letter;
        newest_first.push_back({small == 'p'   ? ProbeVerdict::passed
                                : small == 'f' ? ProbeVerdict::failed
                                               : ProbeVerdict::nothing_expected,
                                letter == small});
    }

    const auto history = model::history_of(newest_first);

    CHECK(history.earlier_failures == failures);
    CHECK(history.earlier_successes == successes);
}

TEST_CASE("the last mirrors of a country are kept", "[model][policy]") {
    struct Row {
        std::vector<model::LeavingMirror> candidates;
        int never_below;
        std::vector<bool> expected;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {{{"BR", 1, false}}, 0, {false}, "not asked for"},
        {{{"BR", 1, false}}, 1, {true}, "the last one"},
        {{{"BR", 2, false}}, 1, {false}, "one is left"},
        {{{"BR", 2, false}, {"BR", 2, false}}, 1, {false, true}, "the second would be the last"},
        {{{"BR", 2, false}, {"BR", 2, true}}, 1, {true, false}, "who is useless goes first"},
        {{{"BR", 1, false}, {"DE", 5, false}}, 1, {true, false}, "countries are apart"},
        {{{"BR", 3, true}, {"BR", 3, true}, {"BR", 3, true}}, 2, {false, true, true}, "two stay"},
        {{{"BR", 1, true}}, 3, {true}, "already below: no further down"},
    }));
    CAPTURE(row.why);

    CHECK(model::find_kept(row.candidates, row.never_below) == row.expected);
}
