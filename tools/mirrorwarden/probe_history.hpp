#pragma once

#include "model/policy.hpp"
#include "model/store.hpp"
#include "tools/mirrorwarden/probe_decisions.hpp"

namespace mirrorwarden {

/// Of the stored probes of a mirror, those that came before this one and count. One of the
/// future was written when the clock was ahead: it would be the newest until then.
bool counts_before(const model::ProbeRecord&, const ProbedMirror&);

/// What came before, judged by the policy of now; `asked`: how many in a row matter. What an
/// admin forgave by enabling the mirror is left out, here and below.
model::PolicyHistory history_before(model::Store&, const model::Policy&, const ProbedMirror&,
                                    int asked);

struct JudgedReturn {
    model::ProbeVerdict verdict{};
    model::PolicyHistory history = {};
};

/// How a mirror that the prober disabled and that has passed now stands: passed as well by the
/// rules that it broke, or not told.
JudgedReturn judge_return(model::Store&, const model::Policy&, const ProbedMirror&);

}  // namespace mirrorwarden
