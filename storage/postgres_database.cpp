#include "storage/postgres_database.hpp"

#include "storage/postgres_text.hpp"
#include "storage/postgres_uri.hpp"
#include "storage/pqxx_bridge.hpp"

#include <fmt/format.h>

#include <cassert>
#include <new>
#include <optional>
#include <unordered_map>

namespace storage {
namespace {

using model::StorageError;

constexpr Dialect postgres_dialect = {
    .name = "postgresql",
    .key = "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    .big_integer = "BIGINT",
    .blob = "BYTEA",
    .options = "",
    .options_keyed = "",
};

/// Where commits are told: a schema's own, since a database may hold several of ours.
constexpr const char* channel_query = "SELECT 'mirrorwarden ' || md5(current_schema())";

Rows read_all(const pqxx::result& result) {
    std::vector<pqxx::oid> types;
    for (pqxx::row::size_type column = 0; column < result.columns(); ++column) {
        types.push_back(result.column_type(column));
    }
    std::vector<Row::Cell> cells;
    cells.reserve(types.size() * static_cast<std::size_t>(result.size()));
    for (const auto& row : result) {
        for (pqxx::row::size_type column = 0; column < result.columns(); ++column) {
            const auto field = row[column];
            if (field.is_null()) {
                cells.emplace_back();
            } else {
                cells.push_back(read_postgres_text({field.c_str(), field.size()},
                                                   types[static_cast<std::size_t>(column)]));
            }
        }
    }
    return {types.size(), std::move(cells)};
}

struct Session {
    explicit Session(const std::string& uri) : connection{uri}, silence{connection} {}

    pqxx::connection connection;
    pqxx_bridge::Silence silence;
};

class SessionLock final : public model::StoreLock {
public:
    explicit SessionLock(std::unique_ptr<Session> session) : session_{std::move(session)} {}

private:
    std::unique_ptr<Session> session_;
};

class PostgresDatabase final : public Database {
public:
    explicit PostgresDatabase(std::string uri)
        : uri_{std::move(uri)}, title_{describe_postgres_uri(uri_)} {
        connect();
    }

    const Dialect& dialect() const noexcept override { return postgres_dialect; }
    const std::string& title() const noexcept override { return title_; }

    using Database::execute;
    Rows execute(const char* sql, std::span<const Value> parameters) override {
        return translating([&] {
            PostgresTexts texts{parameters.size()};
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                texts.set(i, parameters[i]);
            }
            return read_all(
                pqxx_bridge::execute_prepared(*transaction_, prepare(sql), texts.texts()));
        });
    }

    using Database::for_each;
    void for_each(const char* sql, std::span<const Value> parameters,
                  const std::function<void(const Row&)>& callback) override {
        const std::string declare = fmt::format("DECLARE rows_of_many CURSOR FOR {}", sql);
        execute(declare.c_str(), parameters);
        for (;;) {
            // Not prepared: what it answers has other columns with each cursor.
            const Rows rows = translating(
                [&] { return read_all(transaction_->exec("FETCH 500 FROM rows_of_many")); });
            if (rows.empty()) {
                break;
            }
            for (const Row row : rows) {
                callback(row);
            }
        }
        execute_script("CLOSE rows_of_many");
    }

    void execute_script(const std::string& sql) override {
        translating([&] { transaction_->exec(sql); });
    }

    void insert_many(const char* table, const char* columns,
                     std::span<const Value> values) override {
        const std::size_t width = count_columns(columns);
        assert(values.size() % width == 0);
        translating([&] {
            auto stream = pqxx_bridge::copy_to(*transaction_, table, columns);
            PostgresTexts texts{width};
            for (std::size_t first = 0; first < values.size(); first += width) {
                for (std::size_t column = 0; column < width; ++column) {
                    texts.set(column, values[first + column]);
                }
                pqxx_bridge::write_row(stream, texts.texts());
            }
            stream.complete();
        });
    }

    std::vector<std::int64_t> new_keys(const char* table, std::size_t count) override {
        std::vector<std::int64_t> keys;
        keys.reserve(count);
        for (const Row row : execute("SELECT nextval(pg_get_serial_sequence($1, 'id')) "
                                     "FROM generate_series(1, $2::integer)",
                                     {table, count})) {
            keys.push_back(row.integer(0));
        }
        return keys;
    }

    bool has_tables() override {
        return !execute(
                    "SELECT oid::bigint FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') "
                    "AND relnamespace = to_regnamespace(current_schema()::text) LIMIT 1")
                    .empty();
    }
    bool has_version_table() override {
        return execute(
                   "SELECT COUNT(*) FROM information_schema.columns "
                   "WHERE table_schema = current_schema() AND table_name = 'schema_version' "
                   "AND column_name IN ('application', 'version')")[0]
                   .integer(0) == 2;
    }

    void mark_as_ours() override {}
    void settle() override {}

    std::string check() override {
        // Reads every page of the large tables: a torn one is an error.
        execute(
            "SELECT (SELECT COUNT(*) FROM content_row) + (SELECT COUNT(*) FROM publication) + "
            "(SELECT COUNT(*) FROM probe) + (SELECT COUNT(*) FROM snapshot) + "
            "(SELECT COALESCE(SUM(LENGTH(gz)), 0) FROM probe_log) + "
            "(SELECT COALESCE(SUM(LENGTH(json)), 0) FROM observation) + "
            "(SELECT COALESCE(SUM(LENGTH(entries)), 0) FROM snapshot_entries) + "
            "(SELECT COALESCE(SUM(LENGTH(packages)), 0) FROM index_content) + "
            "(SELECT COALESCE(SUM(LENGTH(body)), 0) FROM message)");
        const Rows version = execute("SELECT current_setting('server_version')");
        const std::string text = version[0].text(0);
        return fmt::format("postgresql {}", text.substr(0, text.find(' ')));
    }

    bool wait_for_change(std::chrono::milliseconds patience) override {
        try {
            if (listener_ == nullptr) {
                listen();
                return true;
            }
            if (!listener_->take()) {
                const auto microseconds = std::chrono::microseconds{patience}.count();
                session_->connection.await_notification(microseconds / 1'000'000,
                                                        microseconds % 1'000'000);
                return listener_->take();
            }
            return true;
        } catch (const std::exception&) {
            disconnect();  // what was said meanwhile was missed
            return translating([]() -> bool { throw; });
        }
    }

    std::unique_ptr<model::StoreLock> try_lock(const std::string& name) override {
        return translating([&]() -> std::unique_ptr<model::StoreLock> {
            // A connection of its own: the server lets go when that ends, however the
            // process does, and it excludes another store of this process too.
            auto session = std::make_unique<Session>(complete_postgres_uri(uri_));
            session->connection.prepare(
                "lock",
                "SELECT pg_try_advisory_lock(hashtextextended('mirrorwarden lock ' || "
                "current_schema() || ' ' || $1, 0))::int");
            PostgresTexts texts{1};
            texts.set(0, Value{name});
            pqxx::nontransaction transaction{session->connection};
            const auto result = pqxx_bridge::execute_prepared(transaction, "lock", texts.texts());
            if (result[0][0].as<int>() == 0) {
                return nullptr;
            }
            return std::make_unique<SessionLock>(std::move(session));
        });
    }

private:
    /// In this order: what is left of a transaction and a listener ask their connection.
    void disconnect() {
        names_.clear();
        transaction_.reset();
        listener_.reset();
        session_.reset();
    }

    void connect() {
        translating([&] {
            disconnect();
            session_ = std::make_unique<Session>(complete_postgres_uri(uri_));
        });
    }

    void listen() {
        begin(Access::read);
        const std::string channel = execute(channel_query)[0].text(0);
        commit();
        listener_ = std::make_unique<pqxx_bridge::Listener>(session_->connection, channel);
    }

    void begin(Access access) override {
        if (session_ == nullptr || !session_->connection.is_open()) {
            connect();
        }
        try {
            begin_transaction(access);
        } catch (const pqxx::broken_connection&) {
            // Lost since the last transaction, perhaps because the server was started
            // again: nothing was asked for yet, so nothing is lost by asking once more.
            connect();
            translating([&] { begin_transaction(access); });
        } catch (const std::exception&) {
            translating([] { throw; });
        }
        if (access != Access::read) {
            wait_for_turn(access);
        }
    }

    void begin_transaction(Access access) {
        if (access == Access::read) {
            transaction_ =
                std::make_unique<pqxx::transaction<pqxx::isolation_level::repeatable_read>>(
                    session_->connection);
        } else {
            transaction_ = std::make_unique<pqxx::work>(session_->connection);
        }
    }

    /// One writer at a time, as in SQLite: what a transaction read stays true until it
    /// commits. Whoever waits for changes is told by the commit itself.
    void wait_for_turn(Access access) {
        try {
            const Value commit_waits =
                access == Access::write_unhurried ? Value{"off"} : Value{std::nullopt};
            execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('mirrorwarden writer ' || "
                "current_schema(), 0))::text, "
                "pg_notify('mirrorwarden ' || md5(current_schema()), '')::text, "
                "set_config('synchronous_commit', "
                "COALESCE($1, current_setting('synchronous_commit')), true)",
                {commit_waits});
        } catch (...) {
            transaction_.reset();
            throw;
        }
    }

    void commit() override {
        translating([&] { transaction_->commit(); });
        transaction_.reset();
    }
    void roll_back() noexcept override { transaction_.reset(); }

    const std::string& prepare(const char* sql) {
        const auto known = names_.find(sql);
        if (known != names_.end()) {
            return known->second;
        }
        const std::string name = fmt::format("s{}", names_.size());
        session_->connection.prepare(name, sql);
        return names_.emplace(sql, name).first->second;
    }

    /// The only place where what libpqxx throws becomes our error.
    template <class Body>
    auto translating(Body body) -> decltype(body()) {
        try {
            return body();
        } catch (const StorageError&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const pqxx::in_doubt_error& e) {
            throw StorageError(fmt::format(
                "{}: the connection was lost while the last step was stored; look whether it was: "
                "{}",
                title_, redact(e.what(), uri_)));
        } catch (const pqxx::broken_connection& e) {
            throw StorageError(fmt::format("cannot reach {}: {}", title_, redact(e.what(), uri_)));
        } catch (const pqxx::sql_error& e) {
            if (e.sqlstate() == "55P03") {
                throw StorageError(fmt::format(
                    "{} is locked: another program kept writing to it for {} s; try again later",
                    title_, writer_patience.count()));
            }
            throw StorageError(
                fmt::format("{}: {} (SQLSTATE {})", title_, redact(e.what(), uri_), e.sqlstate()));
        } catch (const std::exception& e) {
            throw StorageError(fmt::format("{}: {}", title_, redact(e.what(), uri_)));
        }
    }

    std::string uri_;
    std::string title_;
    std::unique_ptr<Session> session_;
    std::unordered_map<std::string, std::string> names_;   // of prepared statements, by their SQL
    std::unique_ptr<pqxx_bridge::Listener> listener_;      // ended before session_
    std::unique_ptr<pqxx::transaction_base> transaction_;  // ended before session_
};

}  // namespace

std::unique_ptr<Database> open_postgres_database(const std::string& uri) {
    return std::make_unique<PostgresDatabase>(uri);
}

}  // namespace storage
