// How many rows a second the databases take when nothing is around them: a table
// in the shape of `content_row`, prepared inserts into SQLite, COPY into PostgreSQL.
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <libpq-fe.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct Options {
    std::string database;  // "sqlite:PATH" or a URI of libpq
    std::int64_t rows = 720'000;
    std::int64_t rows_per_transaction = 10'000;
};

constexpr std::int64_t buckets = 1'600;

struct SqliteCloser {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

void run(sqlite3* db, const char* sql) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(fmt::format("{}: {}", sql, sqlite3_errmsg(db)));
    }
}

void fill_sqlite(sqlite3* db, const Options& options) {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO limit_row VALUES (?1, ?2, ?3)", -1, &raw, nullptr);
    const std::unique_ptr<sqlite3_stmt, SqliteCloser> insert(raw);
    for (std::int64_t row = 0; row < options.rows; ++row) {
        if (row % options.rows_per_transaction == 0) {
            run(db, row == 0 ? "BEGIN" : "COMMIT; BEGIN");
        }
        sqlite3_bind_int64(raw, 1, row / buckets);
        sqlite3_bind_int64(raw, 2, row % buckets);
        sqlite3_bind_int64(raw, 3, row % 8);
        if (sqlite3_step(raw) != SQLITE_DONE) {
            throw std::runtime_error(sqlite3_errmsg(db));
        }
        sqlite3_reset(raw);
    }
    run(db, "COMMIT");
}

std::chrono::duration<double> measure_sqlite(const Options& options) {
    sqlite3* raw = nullptr;
    const auto path = options.database.substr(options.database.find(':') + 1);
    const int code = sqlite3_open(path.c_str(), &raw);
    const std::unique_ptr<sqlite3, SqliteCloser> db(raw);
    if (code != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(raw));
    }
    run(raw,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE limit_row (mirror INTEGER NOT NULL, bucket INTEGER NOT NULL,"
        " freshness INTEGER NOT NULL, PRIMARY KEY (mirror, bucket)) STRICT, WITHOUT ROWID");
    const auto began = std::chrono::steady_clock::now();
    fill_sqlite(raw, options);
    return std::chrono::steady_clock::now() - began;
}

using Postgres = std::unique_ptr<PGconn, decltype(&PQfinish)>;

void run(PGconn* connection, const char* sql, ExecStatusType expected) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, sql), &PQclear);
    if (PQresultStatus(result.get()) != expected) {
        throw std::runtime_error(fmt::format("{}: {}", sql, PQerrorMessage(connection)));
    }
}

void copy_rows(PGconn* connection, std::int64_t first, std::int64_t end) {
    run(connection, "COPY limit_row FROM STDIN", PGRES_COPY_IN);
    std::string text;
    for (std::int64_t row = first; row < end; ++row) {
        fmt::format_to(std::back_inserter(text), "{}\t{}\t{}\n", row / buckets, row % buckets,
                       row % 8);
    }
    const bool sent = PQputCopyData(connection, text.data(), static_cast<int>(text.size())) == 1 &&
                      PQputCopyEnd(connection, nullptr) == 1;
    bool stored = false;
    while (auto* result = PQgetResult(connection)) {
        stored = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (!sent || !stored) {
        throw std::runtime_error(fmt::format("COPY: {}", PQerrorMessage(connection)));
    }
}

std::chrono::duration<double> measure_postgres(const Options& options) {
    const Postgres connection(PQconnectdb(options.database.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        throw std::runtime_error(PQerrorMessage(connection.get()));
    }
    run(connection.get(),
        "CREATE TABLE limit_row (mirror INTEGER NOT NULL, bucket INTEGER NOT NULL,"
        " freshness INTEGER NOT NULL, PRIMARY KEY (mirror, bucket))",
        PGRES_COMMAND_OK);
    run(connection.get(), "SET synchronous_commit = off", PGRES_COMMAND_OK);
    const auto began = std::chrono::steady_clock::now();
    for (std::int64_t row = 0; row < options.rows; row += options.rows_per_transaction) {
        copy_rows(connection.get(), row,
                  std::min(row + options.rows_per_transaction, options.rows));
    }
    return std::chrono::steady_clock::now() - began;
}

int measure(int argc, const char* const* argv) {
    Options options;
    CLI::App app("Fills a table as fast as the database takes rows.");
    app.add_option("DATABASE", options.database, "sqlite:PATH (new) or postgresql://...")
        ->required();
    app.add_option("--rows", options.rows);
    app.add_option("--rows-per-transaction", options.rows_per_transaction);
    CLI11_PARSE(app, argc, argv);

    const auto taken = options.database.starts_with("sqlite:") ? measure_sqlite(options)
                                                               : measure_postgres(options);
    fmt::print("{{\"rows\": {}, \"seconds\": {}}}\n", options.rows, taken.count());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return measure(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-row-limits: {}\n", error.what());
        return 1;
    }
}
