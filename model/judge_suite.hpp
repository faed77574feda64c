#pragma once

#include "model/suite_findings.hpp"

#include <vector>

namespace model {

struct SuiteVerdict {
    SuiteState state;
    std::vector<Finding> findings;  // worst first
};

/// What apt would say of a mirror's suite, how far it is behind, and why.
///
/// Whole only if its Release can be trusted and is valid now, and every index that was asked
/// for agrees with it. An index whose size is not known, that the Release does not name, or
/// whose request says nothing of the mirror, judges nothing; one that the server refuses
/// makes the suite unknown. Torn turns into syncing until the grace has passed since the
/// first probe in a row that found it so. A Release that the primary is known to have
/// published needs no keyring and cannot be foreign.
SuiteVerdict judge_suite(const SuiteFacts&, const SuiteYardstick&);

}  // namespace model
