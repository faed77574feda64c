#pragma once

#include "model/branch.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <string>
#include <vector>

namespace mirrorwarden {

/// What has become of its mirroring, in a few words: "under way", "failed 3 times", "mirrored",
/// "never mirrored", "only registered".
std::string mirroring_words(const model::Branch&);

/// When it is next: "now", a time, "when asked".
std::string next_mirroring_words(const model::Branch&, model::Timestamp now);

/// As a table, a row a branch.
std::string branches_text(const std::vector<model::Branch>&, model::Timestamp now, const Screen&);

/// All that is known of one, a line each.
std::string branch_text(const model::Branch&, model::Timestamp now);

}  // namespace mirrorwarden
