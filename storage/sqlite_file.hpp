#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace storage {

/// A database file, for as long as a connection of this process to it lives.
///
/// Whoever closes any descriptor of a file takes away all POSIX locks that the process has on
/// it, those of its other SQLite connections too: another process would then believe that it is
/// alone, and remove the log that they write to. So the file is looked at before the first
/// connection alone. Source: fcntl(2); "How To Corrupt An SQLite Database File", section 2.2.
class SqliteFile {
public:
    /// Throws `model::StorageError` where the file is there and is not one of our databases.
    /// Others that open a file wait until `opened`, or the end of this.
    explicit SqliteFile(std::string path);
    SqliteFile(const SqliteFile&) = delete;
    SqliteFile& operator=(const SqliteFile&) = delete;
    ~SqliteFile();

    /// The connection is there.
    void opened();

private:
    using Identity = std::pair<unsigned long long, unsigned long long>;  // device and inode

    std::string path_;
    std::unique_lock<std::mutex> turn_;
    Identity identity_{};
    bool is_counted_ = false;
};

}  // namespace storage
