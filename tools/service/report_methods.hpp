#pragma once

#include "tools/reports/xmlrpc_methods.hpp"
#include "tools/service/branch_reports.hpp"

#include <vector>

/// The calls of workers as XML-RPC has them.
namespace service {

// Faults of a report that was refused; nothing was changed.
inline constexpr std::int32_t fault_not_mirrored = 1;
inline constexpr std::int32_t fault_not_started = 2;
inline constexpr std::int32_t fault_stale_attempt = 3;

/// Branches that one getBranchPullQueue tells, at most.
inline constexpr std::size_t pull_queue_max = 1'000;

/// Of /xmlrpc/branch. The reporter outlives them.
std::vector<reports::Method> branch_methods(const Reporter&);
/// Of /xmlrpc/scripts.
std::vector<reports::Method> script_methods(const Reporter&);

}  // namespace service
