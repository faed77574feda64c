#include "storage/database.hpp"

#include <algorithm>

namespace storage {

void require_storable(std::string_view text) {
    // PostgreSQL cannot hold a NUL, and SQLite's functions stop at one.
    if (text.find('\0') != std::string_view::npos) {
        throw model::StorageError("a text that was to be stored holds a NUL byte");
    }
}

std::size_t count_columns(std::string_view columns) noexcept {
    return 1 + static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ','));
}

}  // namespace storage
