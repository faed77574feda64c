#pragma once

#include "model/store.hpp"

#include <memory>
#include <string>

namespace storage {

/// Locks the file, which is made if it is not there and left behind; empty if it is
/// locked already, by this process or another. The kernel lets go when the holder
/// dies. Throws `model::StorageError` if the file cannot be made.
std::unique_ptr<model::StoreLock> try_lock_file(const std::string& path);

}  // namespace storage
