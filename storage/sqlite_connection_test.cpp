#include "storage/sqlite_connection.hpp"

#include "storage/testing/backends.hpp"
#include "tools/cmake/catch.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace storage;
using namespace storage::testing;
using namespace std::string_literals;

namespace {

std::vector<Row::Cell> cells_of(SqliteConnection& connection, const std::string& sql,
                                const std::vector<Value>& parameters) {
    SqliteConnection::Use use{connection, sql};
    use.bind(parameters);
    std::vector<Row::Cell> cells;
    while (use.step(cells)) {
    }
    return cells;
}

}  // namespace

TEST_CASE("what is bound comes back as it was", "[storage][sqlite_connection]") {
    SqliteConnection connection{":memory:"};
    constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

    const auto cells = cells_of(connection, "SELECT $1, $2, $3, $4, $5, $6",
                                {smallest, std::string_view{}, "\xC3\xA9 'x'", std::nullopt,
                                 Blob{"\x00\xFF\x00"s}, Blob{{}}});

    REQUIRE(cells.size() == 6);
    CHECK(std::get<std::int64_t>(cells[0]) == smallest);
    CHECK(std::get<std::string>(cells[1]).empty());  // which is not NULL
    CHECK(std::get<std::string>(cells[2]) == "\xC3\xA9 'x'");
    CHECK(std::holds_alternative<std::monostate>(cells[3]));
    CHECK(std::get<std::string>(cells[4]) == "\x00\xFF\x00"s);
    CHECK(std::get<std::string>(cells[5]).empty());
}

TEST_CASE("a parameter is told by its number, wherever it stands and however often",
          "[storage][sqlite_connection]") {
    SqliteConnection connection{":memory:"};

    const auto cells = cells_of(connection, "SELECT $2, $1, $2, $3", {"one", "two", "three"});

    const std::vector<Row::Cell> as_numbered = {"two"s, "one"s, "two"s, "three"s};
    CHECK(cells == as_numbered);
}

TEST_CASE("a statement can be used again whatever became of its last use",
          "[storage][sqlite_connection]") {
    SqliteConnection connection{":memory:"};
    connection.execute_script("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL) STRICT");
    const std::string insert = "INSERT INTO t VALUES ($1, $2) RETURNING b";
    REQUIRE(cells_of(connection, insert, {1, "one"}) == std::vector<Row::Cell>{"one"s});

    SECTION("it broke a rule") {
        CHECK(says(error_of([&] {
                       cells_of(connection, insert, {1, "again"});
                   }),
                   "sqlite::memory:: UNIQUE constraint failed: t.a (code 1555)"));
    }
    SECTION("a value could not be stored") {
        CHECK(says(error_of([&] { cells_of(connection, insert, {2, "a\0b"s}); }), "NUL byte"));
    }
    SECTION("its answer was not read to the end") {
        SqliteConnection::Use use{connection, "SELECT a FROM t UNION SELECT 7"};
        std::vector<Row::Cell> cells;
        CHECK(use.step(cells));
    }
    CHECK(cells_of(connection, insert, {3, "three"}) == std::vector<Row::Cell>{"three"s});
    CHECK(cells_of(connection, "SELECT a FROM t UNION SELECT 7", {}).size() == 3);
    connection.execute_script("DROP TABLE t");  // which a statement under way would not allow
}

TEST_CASE("rows are bound to the places of one statement, one after the other",
          "[storage][sqlite_connection]") {
    SqliteConnection connection{":memory:"};
    connection.execute_script("CREATE TABLE t (a INTEGER, b TEXT) STRICT");
    {
        SqliteConnection::Use use{connection, "INSERT INTO t (a, b) VALUES (?, ?)"};
        std::vector<Row::Cell> nothing;
        use.bind_places(std::vector<Value>{1, "one"});
        CHECK_FALSE(use.step(nothing));
        use.restart();
        use.bind_places(std::vector<Value>{std::nullopt, std::nullopt});
        CHECK_FALSE(use.step(nothing));
        CHECK(nothing.empty());
    }

    CHECK(cells_of(connection, "SELECT a, b FROM t ORDER BY a DESC", {}) ==
          std::vector<Row::Cell>{std::int64_t{1}, "one"s, {}, {}});
}

TEST_CASE("rows that others refer to cannot go", "[storage][sqlite_connection]") {
    SqliteConnection connection{":memory:"};
    connection.execute_script(
        "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"
        "CREATE TABLE b (a INTEGER REFERENCES a (id)) STRICT;"
        "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)");

    CHECK(says(error_of([&] { connection.execute_script("DELETE FROM a"); }),
               "FOREIGN KEY constraint failed"));
}
