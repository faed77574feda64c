#pragma once

#include "model/probe.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <map>

namespace storage {

/// Columns: id, mirror, started, finished, verdict, suspect, decided, requests,
/// expected, found, outcomes.
model::StoredProbe read_probe(const Row&);

/// Each probed mirror's newest probe, by the mirror's number; within a transaction of
/// the caller's.
std::map<model::MirrorId, model::StoredProbe> read_newest_probes(Database&);

}  // namespace storage
