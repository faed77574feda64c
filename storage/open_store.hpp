#pragma once

#include "model/store.hpp"

#include <memory>
#include <string>

namespace storage {

enum class Opening {
    existing,  // for who only looks: refuses an empty database, and one that is not there
    ready,     // creates an empty database's schema; refuses an older or unknown one
    migrate,   // also brings an older schema up to date
};

/// Opens "sqlite:PATH" (made if it is not there and `Opening` allows it; "sqlite::memory:" dies
/// with the store) or "postgresql://…" (a libpq URI). Throws `model::StorageError` that says which
/// database, what is wrong and what to do; a password in the URL is not told.
std::unique_ptr<model::Store> open_store(const std::string& url, Opening);

}  // namespace storage
