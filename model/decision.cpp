#include "model/decision.hpp"

namespace model {
namespace {

constexpr std::size_t doubt_min = 5;

}  // namespace

Change decide(const MirrorState& state, ProbeVerdict verdict, int earlier_failures,
              int failures_before_disable) noexcept {
    if (state.enabled) {
        // Not earlier_failures + 1: that overflows where a count was made up.
        const bool enough = earlier_failures >= failures_before_disable - 1;
        return verdict == ProbeVerdict::failed && enough ? Change::disable : Change::none;
    }
    const bool may_return = state.disabled_by == DisabledBy::prober;
    return may_return && verdict == ProbeVerdict::passed ? Change::enable : Change::none;
}

int failures_in_a_row(std::span<const StoredProbe> newest_first) noexcept {
    int failures = 0;
    for (const auto& [id, record] : newest_first) {
        if (record.suspect || !record.decided) {
            continue;
        }
        if (record.verdict != ProbeVerdict::failed) {
            break;
        }
        ++failures;
    }
    return failures;
}

bool is_doubtful(RunTally tally) noexcept {
    return tally.failed >= doubt_min && tally.failed > tally.enabled_probed / 2;
}

}  // namespace model
