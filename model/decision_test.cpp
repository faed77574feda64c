#include "model/decision.hpp"

#include "tools/cmake/catch.hpp"

#include <limits>
#include <string>
#include <vector>

using model::Change;
using model::DisabledBy;
using model::ProbeVerdict;
using model::StoredProbe;

TEST_CASE("decide disables what failed and brings back what the prober took away",
          "[model][decision]") {
    struct Row {
        bool enabled;
        DisabledBy disabled_by;
        ProbeVerdict verdict;
        int earlier_failures;
        int failures_before_disable;
        Change expected;
        std::string why;
    };
    constexpr auto passed = ProbeVerdict::passed;
    constexpr auto failed = ProbeVerdict::failed;
    constexpr auto nothing = ProbeVerdict::nothing_expected;
    constexpr auto nobody = DisabledBy::nobody;
    constexpr auto prober = DisabledBy::prober;
    constexpr auto admin = DisabledBy::admin;
    const auto row = GENERATE(values<Row>({
        {true, nobody, passed, 0, 1, Change::none, "all is well"},
        {true, nobody, passed, 9, 1, Change::none, "a good probe forgives"},
        {true, nobody, failed, 0, 1, Change::disable, "the first failure is enough by default"},
        {true, nobody, failed, 5, 1, Change::disable, "failed before too"},
        {true, nobody, failed, 0, 3, Change::none, "first of three"},
        {true, nobody, failed, 1, 3, Change::none, "second of three"},
        {true, nobody, failed, 2, 3, Change::disable, "third of three"},
        {true, nobody, failed, 3, 3, Change::disable, "overdue: the limit was lowered"},
        {true, nobody, failed, 0, 0, Change::disable, "a limit below 1 is 1"},
        {true, nobody, failed, std::numeric_limits<int>::max(), 3, Change::disable, "no overflow"},
        {true, nobody, nothing, 0, 1, Change::none, "nothing was asked for: no verdict"},
        {true, nobody, nothing, 9, 1, Change::none, "no verdict, whatever came before"},
        {true, prober, failed, 0, 1, Change::disable, "enabled counts, not who disabled it once"},
        {false, prober, passed, 0, 1, Change::enable, "it came back"},
        {false, prober, passed, 9, 3, Change::enable, "one good probe is enough"},
        {false, prober, failed, 0, 1, Change::none, "still gone; disabled already"},
        {false, prober, nothing, 0, 1, Change::none, "no verdict brings nobody back"},
        {false, admin, passed, 0, 1, Change::none, "an admin's word stands"},
        {false, admin, failed, 0, 1, Change::none, "disabled already"},
        {false, admin, nothing, 0, 1, Change::none, "disabled already"},
        {false, nobody, passed, 0, 1, Change::none, "not by the prober, so not for it to undo"},
        {false, nobody, failed, 0, 1, Change::none, "disabled already"},
    }));
    CAPTURE(row.why);
    const model::MirrorState state{.id = {},
                                   .enabled = row.enabled,
                                   .disabled_by = row.disabled_by,
                                   .disabled_reason = {},
                                   .created_at = {}};

    const Change change =
        model::decide(state, row.verdict, row.earlier_failures, row.failures_before_disable);

    CHECK(change == row.expected);
}

TEST_CASE("failures_in_a_row counts from the newest probe and leaves doubts out",
          "[model][decision]") {
    // One letter a probe, newest first: p passed, f failed, n nothing expected;
    // s a suspect failure, S a suspect pass, u an undecided failure, U an undecided pass.
    const auto [probes, expected, why] = GENERATE(table<std::string, int, std::string>({
        {"", 0, "never probed"},
        {"p", 0, "passed"},
        {"f", 1, "failed"},
        {"fff", 3, "all failed"},
        {"ffpf", 2, "what came before the good probe is forgotten"},
        {"pfff", 0, "it has recovered"},
        {"nff", 0, "a probe that asked for nothing ends the row"},
        {"fn", 1, "the same, later"},
        {"sss", 0, "suspect ones do not count"},
        {"sff", 2, "and do not end the row"},
        {"fSf", 2, "nor does a suspect pass"},
        {"uf", 1, "undecided ones do not count"},
        {"fUf", 2, "and do not end the row"},
    }));
    CAPTURE(probes, why);
    std::vector<StoredProbe> newest_first;
    for (const char letter : std::string{probes}) {
        StoredProbe probe;
        const bool is_failure = letter == 'f' || letter == 's' || letter == 'u';
        probe.record.verdict = is_failure      ? ProbeVerdict::failed
                               : letter == 'n' ? ProbeVerdict::nothing_expected
                                               : ProbeVerdict::passed;
        probe.record.suspect = letter == 's' || letter == 'S';
        probe.record.decided = letter != 'u' && letter != 'U';
        newest_first.push_back(probe);
    }

    CHECK(model::failures_in_a_row(newest_first) == expected);
}

TEST_CASE("a run is doubtful when more than half failed, and at least five", "[model][decision]") {
    const auto [enabled_probed, failed, expected, why] =
        GENERATE(table<std::size_t, std::size_t, bool, std::string>({
            {0, 0, false, "nothing was probed"},
            {1, 1, false, "all, but too few to tell"},
            {4, 4, false, "all of 4"},
            {5, 5, true, "all of 5"},
            {9, 4, false, "less than half"},
            {9, 5, true, "just more than half"},
            {10, 5, false, "exactly half"},
            {11, 5, false, "less than half"},
            {11, 6, true, "more than half"},
            {1000, 500, false, "exactly half of many"},
            {1000, 501, true, "one more"},
            {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max(), true,
             "no overflow"},
        }));
    CAPTURE(enabled_probed, failed, why);

    CHECK(model::is_doubtful({.enabled_probed = enabled_probed, .failed = failed}) == expected);
}
