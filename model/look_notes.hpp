#pragma once

#include "model/observation.hpp"

#include <string>
#include <vector>

namespace model {

/// What a look learnt of a mirror's syncs and of its rsync daemon, a line each for its log:
/// "trace a.example: last sync 2026-11-21T08:12:05Z, from b.example, by ftpsync 20180513".
std::vector<std::string> look_notes(const Observation&);

}  // namespace model
