#pragma once

#include "model/observation.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mirrorwarden {

/// What `mirrorwarden check` found.
struct CheckReport {
    std::string url;
    model::Timestamp checked;
    model::Severity verdict = model::Severity::unknown;
    model::Observation observation;
    std::vector<std::string> remarks;  // what could not be asked, a sentence each
};

/// The worst that was found. Where neither a suite nor an rsync daemon was asked: unknown. A suite
/// that nothing is known of is no good one.
model::Severity judge_check(const model::Observation&);

std::string check_text(const CheckReport&, const Screen&);
std::string check_json(const CheckReport&);

}  // namespace mirrorwarden
