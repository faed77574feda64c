#include "storage/sql_store.hpp"

#include "storage/schema.hpp"

#include <fmt/format.h>

namespace storage {

SqlStore::SqlStore(std::unique_ptr<Database> database)
    : database_{std::move(database)}, buckets_{*database_} {}

bool SqlStore::wait_for_change(std::chrono::milliseconds patience) {
    return database_->wait_for_change(patience);
}

std::unique_ptr<model::StoreLock> SqlStore::try_lock(const std::string& name) {
    return database_->try_lock(name);
}

std::string SqlStore::check() {
    Transaction transaction{*database_, Access::read};
    const std::string product = database_->check();
    const Rows mirrors = database_->execute("SELECT COUNT(*) FROM mirror");
    transaction.commit();
    const std::int64_t count = mirrors[0].integer(0);
    return fmt::format("{}, schema {}, {} {}, integrity ok", product, schema_version(), count,
                       count == 1 ? "mirror" : "mirrors");
}

}  // namespace storage
