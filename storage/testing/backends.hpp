#pragma once

#include "storage/database.hpp"
#include "storage/open_store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace storage::testing {

/// An empty database of its own for one test, gone afterwards.
class EmptyDatabase {
public:
    virtual ~EmptyDatabase() = default;

    /// What `open_store` takes; the same each time.
    virtual std::string url() const = 0;

    /// The database below the store, as it is.
    virtual std::unique_ptr<Database> connect() const = 0;

    /// All that must stay as it is when the database is refused.
    virtual std::string content() const = 0;

    /// Makes it another program's.
    void make_foreign(const std::string& sql) const;

    std::unique_ptr<model::Store> open(Opening opening = Opening::ready) const {
        return open_store(url(), opening);
    }
};

/// A folder of its own for one test, gone afterwards with all that is in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// "sqlite", and "postgresql" where MIRRORWARDEN_TEST_POSTGRES names a server on
/// which databases may be made.
std::vector<std::string> backends();
std::unique_ptr<EmptyDatabase> make_database(const std::string& backend);

/// The words of the model::StorageError that it throws; empty if it throws none.
std::string error_of(const std::function<void()>& call);

bool says(const std::string& text, std::string_view part);

}  // namespace storage::testing
