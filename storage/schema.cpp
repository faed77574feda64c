#include "storage/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

namespace storage {
namespace {

using model::StorageError;

std::string spell(std::string_view script, const Dialect& dialect) {
    const std::array<std::pair<std::string_view, std::string_view>, 5> words = {{
        {"<<key>>", dialect.key},
        {"<<big_integer>>", dialect.big_integer},
        {"<<blob>>", dialect.blob},
        {"<<options>>", dialect.options},
        {"<<keyed>>", dialect.options_keyed},
    }};
    std::string text{script};
    for (const auto& [word, replacement] : words) {
        for (auto at = text.find(word); at != std::string::npos;
             at = text.find(word, at + replacement.size())) {
            text.replace(at, word.size(), replacement);
        }
    }
    return text;
}

/// 0 for an empty database.
int stored_version(Database& database, int newest) {
    if (!database.has_version_table()) {
        if (database.has_tables()) {
            throw StorageError(fmt::format(
                "{} is the database of another program; nothing was changed in it: name another "
                "one with --database",
                database.title()));
        }
        return 0;
    }
    const Rows rows = database.execute("SELECT application, version FROM schema_version");
    if (rows.size() != 1 || rows[0].text(0) != "mirrorwarden" || rows[0].integer(1) < 1) {
        throw StorageError(fmt::format(
            "{} does not say which version it has; nothing was changed in it: restore it from a "
            "backup, or name another one with --database",
            database.title()));
    }
    const auto version = static_cast<int>(rows[0].integer(1));
    if (version > newest) {
        throw StorageError(fmt::format(
            "{} has schema {}, and this program knows only up to {}; nothing was changed in it: "
            "use the newer mirrorwarden that wrote it",
            database.title(), version, newest));
    }
    return version;
}

}  // namespace

int schema_version() noexcept {
    return static_cast<int>(migrations().size());
}

void ensure_schema(Database& database, Opening opening) {
    ensure_schema(database, opening, migrations());
}

void ensure_schema(Database& database, Opening opening,
                   std::span<const std::string_view> migrations) {
    const auto newest = static_cast<int>(migrations.size());
    {
        Transaction transaction{database, Access::read};
        const int version = stored_version(database, newest);
        transaction.commit();
        if (version == newest) {
            return;
        }
        if (version == 0 && opening == Opening::existing) {
            throw StorageError(
                fmt::format("{} is an empty database: `mirrorwarden catalog load` makes its "
                            "tables, or name another with --database",
                            database.title()));
        }
    }
    Transaction transaction{database, Access::write};
    const int version = stored_version(database, newest);  // another may have been quicker
    if (version == newest) {
        return;
    }
    if (version != 0 && opening != Opening::migrate) {
        throw StorageError(fmt::format(
            "{} has schema {}, and this program needs {}: run `mirrorwarden database migrate`, "
            "after a backup",
            database.title(), version, newest));
    }
    for (const std::string_view migration : migrations.subspan(static_cast<std::size_t>(version))) {
        database.execute_script(spell(migration, database.dialect()));
    }
    database.execute("UPDATE schema_version SET version = $1", {newest});
    database.mark_as_ours();
    transaction.commit();
}

}  // namespace storage
