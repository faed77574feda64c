#include "storage/sqlite_file.hpp"

#include "model/store.hpp"
#include "storage/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <string_view>
#include <sys/stat.h>

namespace storage {
namespace {

using Identity = std::pair<unsigned long long, unsigned long long>;

/// What this process has open, by file, and how often.
struct OpenFiles {
    std::mutex mutex;
    std::map<Identity, int> counts;
};

OpenFiles& open_files() {
    static OpenFiles files;
    return files;
}

/// Zeros where there is no such file. Opens nothing.
Identity identity_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        return {};
    }
    return {found.st_dev, found.st_ino};
}

/// Looks at the file without SQLite, which would leave its traces beside it.
/// Source: "Database File Format", section 1.3: the application's number stands
/// in bytes 68 to 71.
void refuse_foreign_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 72> header{};
    if (!file.is_open() || file.peek() == std::ifstream::traits_type::eof()) {
        return;  // not there, empty, or SQLite will say why not
    }
    file.read(header.data(), header.size());
    std::uint32_t number = 0;
    for (std::size_t i = 68; i < 72; ++i) {
        number = number << 8U | static_cast<unsigned char>(header.at(i));
    }
    const std::string_view magic{"SQLite format 3\0", 16};
    const bool is_sqlite = file.good() && std::string_view{header.data(), magic.size()} == magic;
    if (!is_sqlite || number != application_number) {
        throw model::StorageError(fmt::format(
            "sqlite:{} is {}; nothing was changed in it: name another file with --database", path,
            is_sqlite ? "the database of another program" : "not a database"));
    }
}

}  // namespace

SqliteFile::SqliteFile(std::string path) : path_{std::move(path)}, turn_{open_files().mutex} {
    const auto identity = identity_of(path_);
    if (identity == Identity{} || !open_files().counts.contains(identity)) {
        refuse_foreign_file(path_);
    }
}

SqliteFile::~SqliteFile() {
    if (!is_counted_) {
        return;
    }
    const std::lock_guard lock{open_files().mutex};
    auto& counts = open_files().counts;
    if (--counts[identity_] == 0) {
        counts.erase(identity_);
    }
}

void SqliteFile::opened() {
    identity_ = identity_of(path_);
    ++open_files().counts[identity_];
    is_counted_ = true;
    turn_.unlock();
}

}  // namespace storage
