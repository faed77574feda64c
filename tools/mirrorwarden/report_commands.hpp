#pragma once

#include "model/branch.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/option.hpp"

#include <cstddef>
#include <optional>
#include <string>

/// What the commands below `report` share.
namespace mirrorwarden {

/// A branch's number, required.
Option add_branch_number(CLI::App&, const std::string& flag, std::optional<std::size_t>& target);
model::BranchId branch_number(const std::optional<std::size_t>&);

void add_report_run(CommandTree&, CLI::App& report);

}  // namespace mirrorwarden
