#include "storage/sqlite_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cassert>
#include <chrono>
#include <cstdint>
#include <utility>
#include <variant>

namespace storage {
namespace {

using model::StorageError;

Row::Cell read_cell(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate{};
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    default: break;
    }
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return bytes == nullptr ? std::string{} : std::string{bytes, size};
}

}  // namespace

void SqliteConnection::Close::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

SqliteConnection::SqliteConnection(const std::string& path) : title_{"sqlite:" + path} {
    sqlite3* raw = nullptr;
    // A store is used by one thread at a time: SQLite need not lock at each call.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    handle_.reset(raw);  // SQLite hands out a handle even when opening failed
    if (code != SQLITE_OK) {
        throw StorageError(
            fmt::format("cannot open {}: {}; does its folder exist, and may this user write there?",
                        title_, sqlite3_errmsg(raw)));
    }
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(
        raw, static_cast<int>(
                 std::chrono::duration_cast<std::chrono::milliseconds>(writer_patience).count()));
    if (sqlite3_db_readonly(raw, "main") == 1) {
        throw StorageError(fmt::format(
            "cannot open {}: the file cannot be written by this user; change its owner or "
            "permissions, or name another with --database",
            title_));
    }
    execute_script("PRAGMA foreign_keys = ON");
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::execute_script(const std::string& sql) const {
    if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail();
    }
}

void SqliteConnection::fail() const {
    const int code = sqlite3_extended_errcode(handle());
    const char* text = sqlite3_errmsg(handle());
    switch (code & 0xff) {
    case SQLITE_BUSY:
        throw StorageError(fmt::format(
            "{} is locked: another program kept writing to it for {} s; try again later", title_,
            writer_patience.count()));
    case SQLITE_FULL:
    case SQLITE_IOERR:
        throw StorageError(
            fmt::format("{} could not be read or written: {} (code {}); is the disk full or gone?",
                        title_, text, code));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        throw StorageError(
            fmt::format("{} is damaged: {}; restore it from a backup", title_, text));
    default: throw StorageError(fmt::format("{}: {} (code {})", title_, text, code));
    }
}

SqliteConnection::Prepared& SqliteConnection::prepare(const std::string& sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) {
        return known->second;
    }
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(handle(), sql.c_str(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
        fail();
    }
    Prepared prepared;
    prepared.statement.reset(raw);
    const int count = sqlite3_bind_parameter_count(raw);
    for (int i = 1; i <= count; ++i) {
        prepared.places.push_back(sqlite3_bind_parameter_index(raw, fmt::format("${}", i).c_str()));
    }
    return statements_.emplace(sql, std::move(prepared)).first->second;
}

SqliteConnection::Use::Use(SqliteConnection& connection, const std::string& sql)
    : connection_{connection}, prepared_{connection.prepare(sql)} {}

SqliteConnection::Use::~Use() {
    sqlite3_reset(prepared_.statement.get());
    sqlite3_clear_bindings(prepared_.statement.get());
}

void SqliteConnection::Use::bind(std::span<const Value> parameters) {
    assert(prepared_.places.size() == parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        bind(prepared_.places[i], parameters[i]);
    }
}

void SqliteConnection::Use::bind_places(std::span<const Value> values) {
    assert(prepared_.places.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        bind(static_cast<int>(i) + 1, values[i]);
    }
}

void SqliteConnection::Use::bind(int place, const Value& value) {
    sqlite3_stmt* const statement = prepared_.statement.get();
    const auto& content = value.content();
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&content)) {
        code = sqlite3_bind_int64(statement, place, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&content)) {
        require_storable(*text);
        // An empty view may have no address, which SQLite would take for NULL.
        code = sqlite3_bind_text64(statement, place, text->empty() ? "" : text->data(),
                                   text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&content)) {
        code = sqlite3_bind_blob64(statement, place, blob->bytes.empty() ? "" : blob->bytes.data(),
                                   blob->bytes.size(), SQLITE_STATIC);
    } else {
        code = sqlite3_bind_null(statement, place);
    }
    if (code != SQLITE_OK) {
        connection_.fail();
    }
}

std::size_t SqliteConnection::Use::columns() const noexcept {
    return static_cast<std::size_t>(sqlite3_column_count(prepared_.statement.get()));
}

bool SqliteConnection::Use::step(std::vector<Row::Cell>& cells) {
    sqlite3_stmt* const statement = prepared_.statement.get();
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) {
        return false;
    }
    if (code != SQLITE_ROW) {
        connection_.fail();
    }
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        cells.push_back(read_cell(statement, column));
    }
    return true;
}

void SqliteConnection::Use::restart() noexcept {
    sqlite3_reset(prepared_.statement.get());
}

}  // namespace storage
