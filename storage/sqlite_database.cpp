#include "storage/sqlite_database.hpp"

#include "storage/file_lock.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite_file.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>

namespace storage {
namespace {

using model::StorageError;

constexpr Dialect sqlite_dialect = {
    .name = "sqlite",
    .key = "INTEGER PRIMARY KEY AUTOINCREMENT",
    .big_integer = "INTEGER",
    .blob = "BLOB",
    .options = "STRICT",
    .options_keyed = "STRICT, WITHOUT ROWID",
};

using Connection = std::unique_ptr<sqlite3, decltype([](sqlite3* db) { sqlite3_close_v2(db); })>;
using Statement =
    std::unique_ptr<sqlite3_stmt, decltype([](sqlite3_stmt* s) { sqlite3_finalize(s); })>;

/// A statement, and where SQLite put each of its parameters $1, $2, ...
struct Prepared {
    Statement statement;
    std::vector<int> places;
};

/// Leaves a statement ready for its next use, whatever happens to this one.
class Use {
public:
    explicit Use(sqlite3_stmt* statement) : statement_{statement} {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

private:
    sqlite3_stmt* statement_;
};

/// A name that one store of a database in memory has locked.
class MemoryLock final : public model::StoreLock {
public:
    MemoryLock(std::shared_ptr<std::set<std::string>> held, std::string name)
        : held_{std::move(held)}, name_{std::move(name)} {}
    MemoryLock(const MemoryLock&) = delete;
    MemoryLock& operator=(const MemoryLock&) = delete;
    ~MemoryLock() override { held_->erase(name_); }

private:
    std::shared_ptr<std::set<std::string>> held_;
    std::string name_;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(std::unique_ptr<SqliteFile> file, Connection db, std::string path)
        : path_{std::move(path)},
          title_{"sqlite:" + path_},
          file_{std::move(file)},
          db_{std::move(db)} {}

    const Dialect& dialect() const noexcept override { return sqlite_dialect; }
    const std::string& title() const noexcept override { return title_; }

    using Database::execute;
    Rows execute(const char* sql, std::span<const Value> parameters) override {
        sqlite3_stmt* statement = bound(sql, parameters);
        const Use use{statement};
        const auto columns = static_cast<std::size_t>(sqlite3_column_count(statement));
        std::vector<Row::Cell> cells;
        while (read_row(statement, cells)) {
        }
        return {columns, std::move(cells)};
    }

    using Database::for_each;
    void for_each(const char* sql, std::span<const Value> parameters,
                  const std::function<void(const Row&)>& callback) override {
        sqlite3_stmt* statement = bound(sql, parameters);
        const Use use{statement};
        std::vector<Row::Cell> cells;
        while (read_row(statement, cells)) {
            callback(Row{cells});
            cells.clear();
        }
    }

    void execute_script(const std::string& sql) override {
        if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            fail();
        }
    }

    void insert_many(const char* table, const char* columns,
                     std::span<const Value> values) override {
        const std::size_t width = count_columns(columns);
        assert(values.size() % width == 0);
        std::string places = "?";
        for (std::size_t i = 1; i < width; ++i) {
            places += ", ?";
        }
        Prepared& prepared =
            prepare(fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, places));
        sqlite3_stmt* statement = prepared.statement.get();
        const Use use{statement};
        for (std::size_t first = 0; first < values.size(); first += width) {
            for (std::size_t column = 0; column < width; ++column) {
                bind(statement, static_cast<int>(column) + 1, values[first + column]);
            }
            if (sqlite3_step(statement) != SQLITE_DONE) {
                fail();
            }
            sqlite3_reset(statement);
        }
    }

    std::vector<std::int64_t> new_keys(const char* table, std::size_t count) override {
        // SQLite notes there the highest key that AUTOINCREMENT gave out, or was given.
        const Rows rows = execute("SELECT seq FROM sqlite_sequence WHERE name = $1", {table});
        std::vector<std::int64_t> keys(count);
        std::iota(keys.begin(), keys.end(), rows.empty() ? 1 : rows[0].integer(0) + 1);
        return keys;
    }

    bool has_tables() override {
        return !execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1").empty();
    }
    bool has_version_table() override {
        return !execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND name = 'schema_version'")
                    .empty();
    }

    void mark_as_ours() override {
        execute_script(fmt::format("PRAGMA application_id = {}", application_number));
    }

    void settle() override {
        // With a write-ahead log readers and the writer do not wait for each other, and
        // FULL makes what was committed outlive a power cut. Not before the schema is
        // there: its identity would stand in the log alone, where nobody looks for it.
        // Changing the mode takes the file alone, and SQLite does not wait for that.
        for (int attempt = 0;; ++attempt) {
            const int code =
                sqlite3_exec(db_.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
            if (code == SQLITE_OK) {
                break;
            }
            if ((code & 0xff) != SQLITE_BUSY || attempt == 1'000) {
                fail();
            }
            sqlite3_sleep(10);
        }
        has_log_ahead_ = execute("PRAGMA journal_mode")[0].text(0) == "wal";
        set_hurry(Hurry::yes);
    }

    std::string check() override {
        const Rows damage = execute("PRAGMA integrity_check(1)");
        if (damage.empty() || damage[0].text(0) != "ok") {
            throw StorageError(fmt::format("{} is damaged: {}; restore it from a backup", title_,
                                           damage.empty() ? "no answer" : damage[0].text(0)));
        }
        const Rows orphans = execute("PRAGMA foreign_key_check");
        if (!orphans.empty()) {
            throw StorageError(
                fmt::format("{} is damaged: the table {} refers to rows that are not there; "
                            "restore it from a backup",
                            title_, orphans[0].text(0)));
        }
        return fmt::format("sqlite {}", sqlite3_libversion());
    }

    /// SQLite tells nobody of a commit; asking costs a few microseconds and no lock.
    bool wait_for_change(std::chrono::milliseconds patience) override {
        constexpr std::chrono::milliseconds pause{50};
        for (;; patience -= pause) {
            const Seen now{execute("PRAGMA data_version")[0].integer(0),
                           sqlite3_total_changes64(db_.get())};
            if (seen_ != now) {
                seen_ = now;
                return true;
            }
            if (patience <= std::chrono::milliseconds::zero()) {
                return false;
            }
            sqlite3_sleep(static_cast<int>(std::min(patience, pause).count()));
        }
    }

    std::unique_ptr<model::StoreLock> try_lock(const std::string& name) override {
        if (path_ != ":memory:") {
            return try_lock_file(fmt::format("{}.{}.lock", path_, name));
        }
        if (!held_->insert(name).second) {
            return nullptr;
        }
        return std::make_unique<MemoryLock>(held_, name);
    }

    /// What must be so before the first transaction.
    void set_up() {
        sqlite3_extended_result_codes(db_.get(), 1);
        sqlite3_busy_timeout(
            db_.get(),
            static_cast<int>(
                std::chrono::duration_cast<std::chrono::milliseconds>(writer_patience).count()));
        if (sqlite3_db_readonly(db_.get(), "main") == 1) {
            throw StorageError(fmt::format(
                "cannot open {}: the file cannot be written by this user; change its owner or "
                "permissions, or name another with --database",
                title_));
        }
        execute_script("PRAGMA foreign_keys = ON");
    }

private:
    enum class Hurry { unset, yes, no };

    /// Where the database stood: what others committed, and this connection.
    struct Seen {
        std::int64_t version;
        std::int64_t own_changes;

        friend bool operator==(const Seen&, const Seen&) = default;
    };

    void begin(Access access) override {
        if (access == Access::read) {
            execute("BEGIN");
            return;
        }
        set_hurry(access == Access::write ? Hurry::yes : Hurry::no);
        execute("BEGIN IMMEDIATE");
    }

    /// Without a write-ahead log a commit that does not wait could damage the file.
    void set_hurry(Hurry hurry) {
        if (hurry_ != hurry && (has_log_ahead_ || hurry == Hurry::yes)) {
            execute_script(hurry == Hurry::yes ? "PRAGMA synchronous = FULL"
                                               : "PRAGMA synchronous = NORMAL");
            hurry_ = hurry;
        }
    }

    void commit() override { execute("COMMIT"); }
    void roll_back() noexcept override {
        // SQLite has done it already after some errors, a full disk among them.
        if (sqlite3_get_autocommit(db_.get()) == 0) {
            sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }

    [[noreturn]] void fail() {
        const int code = sqlite3_extended_errcode(db_.get());
        const char* text = sqlite3_errmsg(db_.get());
        switch (code & 0xff) {
        case SQLITE_BUSY:
            throw StorageError(fmt::format(
                "{} is locked: another program kept writing to it for {} s; try again later",
                title_, writer_patience.count()));
        case SQLITE_FULL:
        case SQLITE_IOERR:
            throw StorageError(fmt::format(
                "{} could not be read or written: {} (code {}); is the disk full or gone?", title_,
                text, code));
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            throw StorageError(
                fmt::format("{} is damaged: {}; restore it from a backup", title_, text));
        default: throw StorageError(fmt::format("{}: {} (code {})", title_, text, code));
        }
    }

    Prepared& prepare(const std::string& sql) {
        const auto known = statements_.find(sql);
        if (known != statements_.end()) {
            return known->second;
        }
        sqlite3_stmt* raw = nullptr;
        if (sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size()),
                               SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
            fail();
        }
        Prepared prepared{Statement{raw}, {}};
        const int count = sqlite3_bind_parameter_count(raw);
        for (int i = 1; i <= count; ++i) {
            prepared.places.push_back(
                sqlite3_bind_parameter_index(raw, fmt::format("${}", i).c_str()));
        }
        return statements_.emplace(sql, std::move(prepared)).first->second;
    }

    void bind(sqlite3_stmt* statement, int place, const Value& value) {
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
            code =
                sqlite3_bind_blob64(statement, place, blob->bytes.empty() ? "" : blob->bytes.data(),
                                    blob->bytes.size(), SQLITE_STATIC);
        } else {
            code = sqlite3_bind_null(statement, place);
        }
        if (code != SQLITE_OK) {
            fail();
        }
    }

    /// To be given to a `Use` at once.
    sqlite3_stmt* bound(const char* sql, std::span<const Value> parameters) {
        Prepared& prepared = prepare(sql);
        assert(prepared.places.size() == parameters.size());
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            bind(prepared.statement.get(), prepared.places[i], parameters[i]);
        }
        return prepared.statement.get();
    }

    /// Adds the next row's cells; false after the last one.
    bool read_row(sqlite3_stmt* statement, std::vector<Row::Cell>& cells) {
        const int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) {
            return false;
        }
        if (code != SQLITE_ROW) {
            fail();
        }
        for (int column = 0; column < sqlite3_column_count(statement); ++column) {
            cells.push_back(read_cell(statement, column));
        }
        return true;
    }

    static Row::Cell read_cell(sqlite3_stmt* statement, int column) {
        switch (sqlite3_column_type(statement, column)) {
        case SQLITE_NULL: return std::monostate{};
        case SQLITE_INTEGER:
            return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
        default: break;
        }
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        return bytes == nullptr ? std::string{} : std::string{bytes, size};
    }

    std::string path_;
    std::string title_;
    bool has_log_ahead_ = false;
    Hurry hurry_ = Hurry::unset;        // what SQLite was told
    std::optional<Seen> seen_;          // by wait_for_change
    std::unique_ptr<SqliteFile> file_;  // null in memory; outlives db_
    Connection db_;
    std::unordered_map<std::string, Prepared> statements_;  // finalised before db_ is closed
    std::shared_ptr<std::set<std::string>> held_ = std::make_shared<std::set<std::string>>();
};

}  // namespace

std::unique_ptr<Database> open_sqlite_database(const std::string& path) {
    auto file = path == ":memory:" ? nullptr : std::make_unique<SqliteFile>(path);
    sqlite3* raw = nullptr;
    // A store is used by one thread at a time: SQLite need not lock at each call.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Connection db{raw};  // SQLite hands out a handle even when opening failed
    if (code != SQLITE_OK) {
        throw StorageError(fmt::format(
            "cannot open sqlite:{}: {}; does its folder exist, and may this user write there?",
            path, sqlite3_errmsg(raw)));
    }
    if (file != nullptr) {
        file->opened();
    }
    auto database = std::make_unique<SqliteDatabase>(std::move(file), std::move(db), path);
    database->set_up();
    return database;
}

}  // namespace storage
