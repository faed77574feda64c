#pragma once

#include "model/store.hpp"
#include "model/timestamp.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace storage {

/// Bytes that are not text.
struct Blob {
    std::string_view bytes;
};

/// A parameter of a statement. Does not own its text: that must outlive the call.
class Value {
public:
    using Content = std::variant<std::monostate, std::int64_t, std::string_view, Blob>;

    template <std::integral T>
    Value(T number) : content_{static_cast<std::int64_t>(number)} {}
    template <class T>
    requires std::is_enum_v<T> Value(T word) : content_{static_cast<std::int64_t>(word)} {}
    Value(model::Timestamp when)
        : content_{static_cast<std::int64_t>(when.time_since_epoch().count())} {}
    Value(std::string_view text) : content_{text} {}
    Value(const std::string& text) : content_{std::string_view{text}} {}
    Value(const char* text) : content_{std::string_view{text}} {}
    Value(Blob blob) : content_{blob} {}
    Value(std::nullopt_t) {}

    const Content& content() const noexcept { return content_; }

private:
    Content content_;
};

/// One row of an answer; columns count from 0.
class Row {
public:
    using Cell = std::variant<std::monostate, std::int64_t, std::string>;

    explicit Row(std::span<const Cell> cells) : cells_{cells} {}

    bool is_null(std::size_t column) const {
        return std::holds_alternative<std::monostate>(cells_[column]);
    }
    std::int64_t integer(std::size_t column) const {
        return std::get<std::int64_t>(cells_[column]);
    }
    /// Text, or the bytes of a blob.
    const std::string& text(std::size_t column) const {
        return std::get<std::string>(cells_[column]);
    }
    template <class Enum>
    Enum word(std::size_t column) const {
        return static_cast<Enum>(integer(column));
    }
    model::Timestamp time(std::size_t column) const {
        return model::Timestamp{std::chrono::microseconds{integer(column)}};
    }

private:
    std::span<const Cell> cells_;
};

/// The whole answer to a statement.
class Rows {
public:
    class Iterator {
    public:
        Iterator(const Rows& rows, std::size_t index) : rows_{&rows}, index_{index} {}
        Row operator*() const { return (*rows_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return index_ == other.index_; }

    private:
        const Rows* rows_;
        std::size_t index_;
    };

    Rows() = default;
    /// `cells` row by row.
    Rows(std::size_t columns, std::vector<Row::Cell> cells)
        : columns_{columns}, cells_{std::move(cells)} {}

    std::size_t size() const noexcept { return columns_ == 0 ? 0 : cells_.size() / columns_; }
    bool empty() const noexcept { return cells_.empty(); }
    Row operator[](std::size_t row) const {
        return Row{std::span{cells_}.subspan(row * columns_, columns_)};
    }
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    std::size_t columns_ = 0;
    std::vector<Row::Cell> cells_;
};

enum class Access {
    read,   // one snapshot of everything
    write,  // alone: writers take turns, waiting up to `writer_patience`
    /// The same, but the commit does not wait for the disk: a power cut (nothing less)
    /// may take back the newest of these, whole, until the next commit of a `write`.
    write_unhurried,
};

/// How long a writer waits for another one before it gives up.
inline constexpr std::chrono::seconds writer_patience{30};

/// What the column types of a schema are called.
struct Dialect {
    std::string_view name;           // "sqlite"
    std::string_view key;            // a key that the database gives out, never twice
    std::string_view big_integer;    // 64 bits
    std::string_view blob;           //
    std::string_view options;        // after a table's closing bracket
    std::string_view options_keyed;  // the same, for a table stored by its primary key
};

/// One connection to one database: the little that the two have in common.
///
/// Statements are the same text for both, with parameters `$1`, `$2`, ...; each
/// runs within a `Transaction`. Everything may throw `model::StorageError`, whose
/// text names the database and no password.
///
/// PostgreSQL takes a parameter for what stands beside it, and a key has 32 bits there: a number
/// that somebody sent is compared as `CAST($1 AS BIGINT)`, so that a larger one is just not found.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    virtual const Dialect& dialect() const noexcept = 0;
    /// For messages: "sqlite:/var/lib/x.sqlite", "postgresql://host/name".
    virtual const std::string& title() const noexcept = 0;

    /// `sql` is text that lives as long as the program: it is prepared once.
    virtual Rows execute(const char* sql, std::span<const Value> parameters) = 0;
    Rows execute(const char* sql, std::initializer_list<Value> parameters = {}) {
        return execute(sql, std::span{parameters.begin(), parameters.size()});
    }
    /// Calls back for each row of the answer to a SELECT, without ever holding them all. What
    /// is called back must not use the database.
    virtual void for_each(const char* sql, std::span<const Value> parameters,
                          const std::function<void(const Row&)>& callback) = 0;
    void for_each(const char* sql, std::initializer_list<Value> parameters,
                  const std::function<void(const Row&)>& callback) {
        for_each(sql, std::span{parameters.begin(), parameters.size()}, callback);
    }
    /// Several statements without parameters, such as a schema.
    virtual void execute_script(const std::string& sql) = 0;
    /// Adds many rows to a table, the fast way. `columns` as SQL lists them:
    /// "mirror, bucket"; `values` row by row. A key that exists is an error.
    virtual void insert_many(const char* table, const char* columns,
                             std::span<const Value> values) = 0;

    /// Keys for so many rows that this transaction, which writes, is about to add to `table`:
    /// ascending, above all that it ever had.
    virtual std::vector<std::int64_t> new_keys(const char* table, std::size_t count) = 0;

    /// Whether any table stands where ours would.
    virtual bool has_tables() = 0;
    /// Whether `schema_version` is there and has our shape.
    virtual bool has_version_table() = 0;

    /// Leaves a mark outside the tables, where the database has a place for one;
    /// within the transaction that makes the schema.
    virtual void mark_as_ours() = 0;
    /// Called once after the schema is known to be there.
    virtual void settle() = 0;

    /// Looks for damage; returns the product and version: "sqlite 3.40.1".
    virtual std::string check() = 0;

    /// Outside of transactions; see `model::Store::wait_for_change`.
    virtual bool wait_for_change(std::chrono::milliseconds patience) = 0;

    /// Empty if another holds it; see `model::Store::try_lock`.
    virtual std::unique_ptr<model::StoreLock> try_lock(const std::string& name) = 0;

private:
    friend class Transaction;
    virtual void begin(Access) = 0;
    virtual void commit() = 0;
    virtual void roll_back() noexcept = 0;
};

/// Rolled back unless committed.
class Transaction {
public:
    Transaction(Database& database, Access access) : database_{database} {
        database_.begin(access);
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() {
        if (open_) {
            database_.roll_back();
        }
    }

    void commit() {
        database_.commit();
        open_ = false;
    }

private:
    Database& database_;
    bool open_ = true;
};

/// Throws `model::StorageError` for text that not every database can hold: a NUL.
void require_storable(std::string_view text);

/// How many columns "mirror, bucket" lists.
std::size_t count_columns(std::string_view columns) noexcept;

}  // namespace storage
