#pragma once

#include "model/probe.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <map>

namespace storage {

/// Each probed mirror's newest probe, by the mirror's number; within a transaction of
/// the caller's.
std::map<std::int64_t, model::StoredProbe> read_newest_probes(Database&);

}  // namespace storage
