#include "storage/postgres_database.hpp"

namespace storage {

std::unique_ptr<Database> open_postgres_database(const std::string&) {
    throw model::StorageError("PostgreSQL is not supported yet: name a file with sqlite:PATH");
}

}  // namespace storage
