#pragma once

#include "model/store.hpp"
#include "storage/database.hpp"

/// Reading and writing requests for probes, within a transaction of the caller's.
namespace storage {

/// Whether a request for the mirror's probe is young enough, and no probe began since.
bool probe_request_waits(Database&, model::MirrorId, model::Timestamp now);

/// In place of the one before; with its audit entry.
void insert_probe_request(Database&, model::MirrorId, const model::Author&);

}  // namespace storage
