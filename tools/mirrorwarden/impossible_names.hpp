#pragma once

#include <string>
#include <vector>

namespace mirrorwarden {

/// Two names of files that no host has, other ones each time, as `prober::LookTask` takes
/// them: one below a mirror's base URL, one at the root of its host. Who answers both with
/// 200 answers everything so; a site whose own pages are like that may hold an archive
/// that is not.
std::vector<std::string> impossible_names();

}  // namespace mirrorwarden
