#include "storage/sqlite_database.hpp"

#include "storage/file_lock.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite_connection.hpp"
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
    explicit SqliteDatabase(const std::string& path)
        // The analyzer does not see that file_ owns what it is given.
        // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks)
        : path_{path}, file_{lay_claim_to(path)}, connection_{path} {
        if (file_ != nullptr) {
            file_->opened();
        }
    }

    const Dialect& dialect() const noexcept override { return sqlite_dialect; }
    const std::string& title() const noexcept override { return connection_.title(); }

    using Database::execute;
    Rows execute(const char* sql, std::span<const Value> parameters) override {
        SqliteConnection::Use use{connection_, sql};
        use.bind(parameters);
        std::vector<Row::Cell> cells;
        while (use.step(cells)) {
        }
        return {use.columns(), std::move(cells)};
    }

    using Database::for_each;
    void for_each(const char* sql, std::span<const Value> parameters,
                  const std::function<void(const Row&)>& callback) override {
        SqliteConnection::Use use{connection_, sql};
        use.bind(parameters);
        std::vector<Row::Cell> cells;
        while (use.step(cells)) {
            callback(Row{cells});
            cells.clear();
        }
    }

    void execute_script(const std::string& sql) override { connection_.execute_script(sql); }

    void insert_many(const char* table, const char* columns,
                     std::span<const Value> values) override {
        const std::size_t width = count_columns(columns);
        assert(values.size() % width == 0);
        std::string places = "?";
        for (std::size_t i = 1; i < width; ++i) {
            places += ", ?";
        }
        SqliteConnection::Use use{
            connection_, fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, places)};
        std::vector<Row::Cell> nothing;
        for (; !values.empty(); values = values.subspan(width)) {
            use.bind_places(values.first(width));
            use.step(nothing);
            use.restart();
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
            const int code = sqlite3_exec(connection_.handle(), "PRAGMA journal_mode = WAL",
                                          nullptr, nullptr, nullptr);
            if (code == SQLITE_OK) {
                break;
            }
            if ((code & 0xff) != SQLITE_BUSY || attempt == 1'000) {
                connection_.fail();
            }
            sqlite3_sleep(10);
        }
        has_log_ahead_ = execute("PRAGMA journal_mode")[0].text(0) == "wal";
        set_hurry(Hurry::yes);
    }

    std::string check() override {
        const Rows damage = execute("PRAGMA integrity_check(1)");
        if (damage.empty() || damage[0].text(0) != "ok") {
            throw StorageError(fmt::format("{} is damaged: {}; restore it from a backup", title(),
                                           damage.empty() ? "no answer" : damage[0].text(0)));
        }
        const Rows orphans = execute("PRAGMA foreign_key_check");
        if (!orphans.empty()) {
            throw StorageError(
                fmt::format("{} is damaged: the table {} refers to rows that are not there; "
                            "restore it from a backup",
                            title(), orphans[0].text(0)));
        }
        return fmt::format("sqlite {}", sqlite3_libversion());
    }

    /// SQLite tells nobody of a commit; asking costs a few microseconds and no lock.
    bool wait_for_change(std::chrono::milliseconds patience) override {
        constexpr std::chrono::milliseconds pause{50};
        for (;; patience -= pause) {
            const Seen now{execute("PRAGMA data_version")[0].integer(0),
                           sqlite3_total_changes64(connection_.handle())};
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
        if (sqlite3_get_autocommit(connection_.handle()) == 0) {
            sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }

    static std::unique_ptr<SqliteFile> lay_claim_to(const std::string& path) {
        return path == ":memory:" ? nullptr : std::make_unique<SqliteFile>(path);
    }

    std::string path_;
    bool has_log_ahead_ = false;
    Hurry hurry_ = Hurry::unset;        // what SQLite was told
    std::optional<Seen> seen_;          // by wait_for_change
    std::unique_ptr<SqliteFile> file_;  // null in memory; outlives connection_
    SqliteConnection connection_;
    std::shared_ptr<std::set<std::string>> held_ = std::make_shared<std::set<std::string>>();
};

}  // namespace

std::unique_ptr<Database> open_sqlite_database(const std::string& path) {
    return std::make_unique<SqliteDatabase>(path);
}

}  // namespace storage
