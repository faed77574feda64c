#pragma once

#include "model/policy.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace model {

/// Changes one part of a policy: "failures_before_disable=2", or
/// `disable_when=["no-content", "lag>7d"]`, also as no-content,lag>7d. Returns what is wrong
/// with it, a sentence without a full stop; empty if nothing is.
std::optional<std::string> set_policy(Policy&, std::string_view setting);

/// `disable_when=["no-content"] failures_before_disable=1 ...`: all of it, as it is read.
std::string policy_text(const Policy&);

}  // namespace model
