#pragma once

#include "storage/database.hpp"

#include <memory>
#include <string>

namespace storage {

/// Opens a database file, which is made if it is not there, or ":memory:".
/// A file that is not empty and not ours is refused before SQLite touches it.
std::unique_ptr<Database> open_sqlite_database(const std::string& path);

}  // namespace storage
