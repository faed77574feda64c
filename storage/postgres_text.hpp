#pragma once

#include "storage/database.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

/// Parameters of a statement, or a row to be copied, in the text that PostgreSQL reads; they
/// live as long as this does.
class PostgresTexts {
public:
    /// All of them NULL.
    explicit PostgresTexts(std::size_t count) : owned_(count), texts_(count) {}

    /// Throws `model::StorageError` for text that it cannot hold.
    void set(std::size_t place, const Value&);

    /// A null pointer stands for NULL.
    const std::vector<const char*>& texts() const noexcept { return texts_; }

private:
    std::vector<std::string> owned_;
    std::vector<const char*> texts_;
};

/// What PostgreSQL wrote in a column of the type with that number: the integers and the bytes of
/// BYTEA are read, all else is text. Source: pg_type.dat of PostgreSQL has the numbers.
Row::Cell read_postgres_text(std::string_view text, unsigned int type);

}  // namespace storage
