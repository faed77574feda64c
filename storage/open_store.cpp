#include "storage/open_store.hpp"

#include "storage/postgres_database.hpp"
#include "storage/schema.hpp"
#include "storage/sql_store.hpp"
#include "storage/sqlite_database.hpp"

#include <fmt/format.h>

#include <string_view>

namespace storage {
namespace {

std::unique_ptr<Database> open_database(std::string_view url) {
    constexpr std::string_view sqlite = "sqlite:";
    if (url.starts_with(sqlite)) {
        const std::string path{url.substr(sqlite.size())};
        if (path.empty()) {
            throw model::StorageError(
                "the database URL \"sqlite:\" names no file: write "
                "sqlite:PATH");
        }
        return open_sqlite_database(path);
    }
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
        return open_postgres_database(std::string{url});
    }
    // The rest of it may hold a password.
    throw model::StorageError(
        fmt::format("the database URL begins with \"{}\": write sqlite:PATH or "
                    "postgresql://HOST/NAME",
                    url.substr(0, std::min(url.find(':'), std::size_t{20}))));
}

}  // namespace

std::unique_ptr<model::Store> open_store(const std::string& url, Opening opening) {
    auto database = open_database(url);
    ensure_schema(*database, opening);
    database->settle();
    return std::make_unique<SqlStore>(std::move(database));
}

}  // namespace storage
