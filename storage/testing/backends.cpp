#include "storage/testing/backends.hpp"

#include "storage/database.hpp"
#include "storage/postgres_database.hpp"
#include "storage/sqlite_database.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace storage::testing {
namespace {

class SqliteFile final : public EmptyDatabase {
public:
    std::string url() const override { return "sqlite:" + path(); }
    std::unique_ptr<Database> connect() const override { return open_sqlite_database(path()); }
    std::string content() const override {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::string path() const { return folder_.path() + "/test.sqlite"; }

    TemporaryFolder folder_;
};

std::string server() {
    const char* uri = std::getenv("MIRRORWARDEN_TEST_POSTGRES");
    return uri == nullptr ? std::string{} : std::string{uri};
}

/// A schema of its own in the server's database: made in a few milliseconds, and as
/// empty as a new database.
class PostgresSchema final : public EmptyDatabase {
public:
    PostgresSchema() {
        static int made = 0;
        name_ = fmt::format("test_{}_{}", ::getpid(), ++made);
        run(fmt::format("CREATE SCHEMA {}", name_));
    }
    PostgresSchema(const PostgresSchema&) = delete;
    PostgresSchema& operator=(const PostgresSchema&) = delete;
    ~PostgresSchema() override {
        try {
            run(fmt::format("DROP SCHEMA {} CASCADE", name_));
        } catch (const model::StorageError&) {
            // Left behind on a server that is gone itself: the test stopped it.
            name_.clear();
        }
    }

    std::string url() const override {
        const std::string uri = server();
        return fmt::format("{}{}options=-csearch_path%3D{}", uri,
                           uri.find('?') == std::string::npos ? '?' : '&', name_);
    }
    std::unique_ptr<Database> connect() const override { return open_postgres_database(url()); }
    std::string content() const override {
        const auto database = connect();
        Transaction transaction{*database, Access::read};
        const Rows rows = database->execute(
            "SELECT COALESCE(string_agg(table_name || '.' || column_name, ' ' "
            "ORDER BY table_name, column_name), '')::text FROM information_schema.columns "
            "WHERE table_schema = current_schema()");
        return rows[0].text(0);
    }

private:
    static void run(const std::string& sql) {
        const auto database = open_postgres_database(server());
        Transaction transaction{*database, Access::write};
        database->execute_script(sql);
        transaction.commit();
    }

    std::string name_;
};

}  // namespace

void EmptyDatabase::make_foreign(const std::string& sql) const {
    const auto database = connect();
    Transaction transaction{*database, Access::write};
    database->execute_script(sql);
    transaction.commit();
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mirrorwarden-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("cannot make a temporary folder");
    }
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> backends() {
    std::vector<std::string> all = {"sqlite"};
    if (!server().empty()) {
        all.emplace_back("postgresql");
    }
    return all;
}

std::unique_ptr<EmptyDatabase> make_database(const std::string& backend) {
    if (backend == "sqlite") {
        return std::make_unique<SqliteFile>();
    }
    return std::make_unique<PostgresSchema>();
}

std::string error_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const model::StorageError& error) {
        return error.what();
    }
    return {};
}

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace storage::testing
