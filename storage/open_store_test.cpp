#include "storage/open_store.hpp"

#include "storage/schema.hpp"
#include "storage/sqlite_database.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

using namespace storage;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void run_script(Database& database, const std::string& sql) {
    Transaction transaction{database, Access::write};
    database.execute_script(sql);
    transaction.commit();
}

/// Our migrations, which have run, and the next one.
std::vector<std::string_view> and_then(std::string_view next) {
    std::vector<std::string_view> all(static_cast<std::size_t>(schema_version()), "");
    all.push_back(next);
    return all;
}

}  // namespace

TEST_CASE("what was stored is there when the store is opened again", "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    {
        const auto store = database->open();
        load(*store, acceptance_catalog());
    }

    const auto store = database->open(Opening::migrate);

    CHECK(store->mirrors({}).size() == 4);
    CHECK(store->distribution("ubuntu") == ubuntu());
    CHECK(says(store->check(), ", schema 6, 4 mirrors, integrity ok"));
}

TEST_CASE("who only looks makes no tables, and sees what is there", "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));

    const auto error = error_of([&] { database->open(Opening::existing); });

    CHECK((says(error, "there is no database at ") || says(error, " is an empty database")));
    CHECK(says(error, "`mirrorwarden catalog load` makes"));
    {
        const auto connection = database->connect();
        const Transaction transaction{*connection, Access::read};
        CHECK_FALSE(connection->has_tables());
    }
    database->open();
    CHECK(says(database->open(Opening::existing)->check(), "0 mirrors, integrity ok"));
}

TEST_CASE("who only looks makes no file, and leaves an empty one empty", "[storage][open_store]") {
    const TemporaryFolder folder;
    const std::string missing = folder.path() + "/missing.sqlite";
    const std::string empty = folder.path() + "/empty.sqlite";
    { const std::ofstream file(empty); }

    const auto of_missing = error_of([&] { open_store("sqlite:" + missing, Opening::existing); });
    const auto of_empty = error_of([&] { open_store("sqlite:" + empty, Opening::existing); });

    CHECK(says(of_missing, "there is no database at " + missing));
    CHECK_FALSE(std::filesystem::exists(missing));
    CHECK(says(of_empty, "is an empty database"));
    CHECK(std::filesystem::file_size(empty) == 0);
}

TEST_CASE("two that open an empty database at once both succeed", "[storage][open_store]") {
    const std::string backend = GENERATE(from_range(backends()));
    for (int round = 0; round < 5; ++round) {
        const auto database = make_database(backend);
        std::array<std::string, 2> errors;
        std::array<std::thread, 2> threads;
        for (std::size_t i = 0; i < threads.size(); ++i) {
            threads[i] = std::thread(
                [&, i] { errors[i] = error_of([&] { database->open()->distributions(); }); });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(errors[0].empty());
        CHECK(errors[1].empty());
        CHECK(says(database->open()->check(), "schema 6, 0 mirrors"));
    }
}

TEST_CASE("a database of a newer or unknown version is not touched", "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    database->open();
    const auto [script, expected] = GENERATE(table<std::string, std::string>({
        {"UPDATE schema_version SET version = 99", "has schema 99"},
        {"UPDATE schema_version SET version = 0", "does not say which version"},
        {"DELETE FROM schema_version", "does not say which version"},
        {"UPDATE schema_version SET application = 'other'", "does not say which version"},
    }));
    run_script(*database->connect(), script);
    const std::string before = database->content();

    for (const Opening opening : {Opening::ready, Opening::migrate}) {
        const std::string error = error_of([&] { database->open(opening); });

        CHECK(says(error, expected));
        CHECK(says(error, "nothing was changed"));
    }
    CHECK(database->content() == before);
}

TEST_CASE("an older schema is brought up to date only when asked", "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    database->open();
    const auto connection = database->connect();
    const auto migrations =
        and_then("CREATE TABLE novelty (id <<key>>, moment <<big_integer>>) <<options>>;");

    const std::string error =
        error_of([&] { ensure_schema(*connection, Opening::ready, migrations); });
    CHECK(says(error, "mirrorwarden database migrate"));
    CHECK_NOTHROW(database->open());

    ensure_schema(*connection, Opening::migrate, migrations);
    ensure_schema(*connection, Opening::ready, migrations);
    run_script(*connection, "INSERT INTO novelty (moment) VALUES (1)");
    CHECK(says(error_of([&] { database->open(); }),
               fmt::format("has schema {}, and this program knows only up to {}",
                           schema_version() + 1, schema_version())));
}

TEST_CASE("a migration that fails changes nothing", "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    database->open();
    const auto migrations = and_then("DROP TABLE audit; CREATE TABLE mirror (again INTEGER);");

    CHECK_THROWS_AS(ensure_schema(*database->connect(), Opening::migrate, migrations),
                    model::StorageError);

    load(*database->open(), acceptance_catalog());
}

TEST_CASE("the tables of another program are left alone", "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const std::string table = GENERATE(as<std::string>{}, "CREATE TABLE theirs (id INTEGER)",
                                       "CREATE TABLE schema_version (rank INTEGER)");
    database->make_foreign(table);
    const std::string before = database->content();

    for (const Opening opening : {Opening::ready, Opening::migrate}) {
        const std::string error = error_of([&] { database->open(opening); });

        CHECK(says(error, "the database of another program; nothing was changed in it"));
    }
    CHECK(database->content() == before);
}

TEST_CASE("a file that is no database is refused and stays as it is", "[storage][open_store]") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/notes";
    const auto content = GENERATE(as<std::string>{}, "x", "SQLite format 3",
                                  std::string(5'000, '\0'), "[[mirror]]\nname = \"a\"\n");
    std::ofstream(path, std::ios::binary) << content;

    const std::string error = error_of([&] { open_store("sqlite:" + path, Opening::migrate); });

    CHECK(says(error, path + " is not a database; nothing was changed in it"));
    CHECK(read_file(path) == content);
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a database that cannot be made says where and why", "[storage][open_store]") {
    const TemporaryFolder folder;

    SECTION("its folder is not there") {
        const std::string error = error_of(
            [&] { open_store("sqlite:" + folder.path() + "/none/a.sqlite", Opening::ready); });
        CHECK(says(error, folder.path() + "/none/a.sqlite"));
        CHECK(says(error, "does its folder exist"));
    }
    SECTION("it is a folder itself") {
        const std::string error =
            error_of([&] { open_store("sqlite:" + folder.path(), Opening::ready); });
        CHECK(says(error, folder.path()));
    }
    SECTION("a URL of another kind, whose password is not told") {
        const std::string error =
            error_of([] { open_store("mysql://me:secret@host/x", Opening::ready); });
        CHECK(says(error, "\"mysql\""));
        CHECK(says(error, "sqlite:PATH"));
        CHECK_FALSE(says(error, "secret"));
    }
    SECTION("no file at all") {
        CHECK(says(error_of([] { open_store("sqlite:", Opening::ready); }), "sqlite:PATH"));
    }
}

TEST_CASE("a folder that may not be written in is named", "[storage][open_store]") {
    const TemporaryFolder folder;
    // Root may write everywhere, so a child gives that up first.
    const std::string path = folder.path() + "/a.sqlite";
    REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const bool is_plain = ::getuid() != 0 || ::setuid(65'534) == 0;
        const std::string error = error_of([&] { open_store("sqlite:" + path, Opening::ready); });
        ::_exit(is_plain && says(error, path) && says(error, "may this user write there") ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("a full disk is an error, and the old results stay", "[storage][open_store]") {
    const TemporaryFolder folder;
    const std::string url = "sqlite:" + folder.path() + "/a.sqlite";
    model::MirrorId id{};
    {
        const auto store = open_store(url, Opening::ready);
        load(*store, acceptance_catalog());
        id = store->mirror("valid-mirror")->state.id;
        store->record_probe(probe_result(id, new_year, {{warty_i386(), model::Freshness::up}}));
    }
    // The child's files may not grow beyond 400 KB; the log that it stores is larger.
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{400'000, 400'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto store = open_store(url, Opening::ready);
        auto result = probe_result(id, new_year + 24h, {{warty_source(), model::Freshness::up}});
        result.log_gz.assign(1'000'000, 'x');
        const std::string error = error_of([&] { store->record_probe(result); });
        const bool goes_on = store->rows(id).size() == 1;
        ::_exit(says(error, "could not be read or written") && goes_on ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);

    const auto store = open_store(url, Opening::ready);
    CHECK(store->rows(id) == std::vector<model::ContentRow>{{warty_i386(), model::Freshness::up}});
    CHECK(store->probes(id, 9).size() == 1);
    CHECK(says(store->check(), "integrity ok"));
}

TEST_CASE("a damaged database is found by the check", "[storage][open_store]") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/a.sqlite";
    load(*open_store("sqlite:" + path, Opening::ready), acceptance_catalog());
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(4096 * 3 + 1);
        file << std::string(std::size_t{4096} * 4, 'x');
    }

    const std::string error =
        error_of([&] { open_store("sqlite:" + path, Opening::ready)->check(); });

    CHECK(says(error, "is damaged"));
}

TEST_CASE("a database in memory is gone with its store", "[storage][open_store]") {
    {
        const auto store = open_store("sqlite::memory:", Opening::ready);
        load(*store, acceptance_catalog());
        CHECK(store->mirrors({}).size() == 4);
    }

    CHECK(open_store("sqlite::memory:", Opening::ready)->mirrors({}).empty());
}

TEST_CASE("only a transaction in no hurry commits before the disk has it",
          "[storage][open_store]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    database->open();
    const auto connection = database->connect();
    connection->settle();
    const bool is_sqlite = connection->dialect().name == "sqlite";
    if (!is_sqlite) {
        run_script(*connection, "SET synchronous_commit = on");  // servers for tests have it off
    }
    const auto waits_for_disk = [&](Access access) {
        Transaction transaction{*connection, access};
        const Rows rows = connection->execute(
            is_sqlite ? "PRAGMA synchronous" : "SELECT current_setting('synchronous_commit')");
        transaction.commit();
        // Source: SQLite's "PRAGMA synchronous": 1 is NORMAL, 2 is FULL.
        return is_sqlite ? rows[0].integer(0) == 2 : rows[0].text(0) == "on";
    };

    CHECK(waits_for_disk(Access::write));
    CHECK_FALSE(waits_for_disk(Access::write_unhurried));
    CHECK(waits_for_disk(Access::write));
}
