#pragma once

#include "storage/database.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace storage {

/// A connection of SQLite with the statements that it has prepared; what SQLite refuses is thrown
/// as `model::StorageError`.
class SqliteConnection {
public:
    /// Opens a database file, which is made if it is not there, or ":memory:".
    explicit SqliteConnection(const std::string& path);
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;
    ~SqliteConnection();

    const std::string& title() const noexcept { return title_; }  // "sqlite:/var/lib/x.sqlite"

    /// For what SQLite alone can be asked.
    sqlite3* handle() const noexcept { return handle_.get(); }

    /// Several statements without parameters.
    void execute_script(const std::string& sql) const;

    /// Says what SQLite's last error was, and what to do about it.
    [[noreturn]] void fail() const;

    /// One use of a statement.
    class Use;

private:
    struct Close {
        void operator()(sqlite3*) const noexcept;
    };
    struct Finalize {
        void operator()(sqlite3_stmt*) const noexcept;
    };
    /// And where SQLite put each of its parameters $1, $2, ...
    struct Prepared {
        std::unique_ptr<sqlite3_stmt, Finalize> statement;
        std::vector<int> places;
    };

    Prepared& prepare(const std::string& sql);

    std::string title_;
    std::unique_ptr<sqlite3, Close> handle_;
    std::unordered_map<std::string, Prepared> statements_;  // finalised before handle_ is closed
};

/// Leaves the statement ready for its next use, whatever happens to this one; prepares it the
/// first time. One use of a statement at a time.
class SqliteConnection::Use {
public:
    Use(SqliteConnection&, const std::string& sql);
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use();

    /// $1, $2, ..., wherever they stand. What they name must outlive this.
    void bind(std::span<const Value> parameters);
    /// The question marks, in order.
    void bind_places(std::span<const Value> values);

    std::size_t columns() const noexcept;
    /// Adds the next row's cells; false after the last one.
    bool step(std::vector<Row::Cell>& cells);
    /// Begins again; what was bound stays so.
    void restart() noexcept;

private:
    void bind(int place, const Value&);

    SqliteConnection& connection_;
    const Prepared& prepared_;
};

}  // namespace storage
