#include "storage/open_store.hpp"

#include "storage/postgres_database.hpp"
#include "storage/schema.hpp"
#include "storage/sql_store.hpp"
#include "storage/sqlite_database.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <system_error>

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

/// SQLite would make it.
void refuse_missing_file(std::string_view url) {
    constexpr std::string_view sqlite = "sqlite:";
    if (!url.starts_with(sqlite) || url == "sqlite::memory:") {
        return;
    }
    const std::filesystem::path path{url.substr(sqlite.size())};
    std::error_code error;
    if (!path.empty() &&
        std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) {
        throw model::StorageError(fmt::format(
            "there is no database at {}: `mirrorwarden catalog load` makes one, or name another "
            "with --database",
            path.string()));
    }
}

}  // namespace

std::unique_ptr<model::Store> open_store(const std::string& url, Opening opening) {
    if (opening == Opening::existing) {
        refuse_missing_file(url);
    }
    auto database = open_database(url);
    ensure_schema(*database, opening);
    database->settle();
    return std::make_unique<SqlStore>(std::move(database));
}

}  // namespace storage
