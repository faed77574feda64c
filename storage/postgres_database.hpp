#pragma once

#include "storage/database.hpp"

#include <memory>
#include <string>

namespace storage {

/// Connects with a libpq URI. Gives up after ten seconds unless the URI says
/// otherwise (`connect_timeout`).
std::unique_ptr<Database> open_postgres_database(const std::string& uri);

}  // namespace storage
