#pragma once

#include "storage/database.hpp"
#include "storage/open_store.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace storage {

/// What the header of our SQLite files says whose they are: "MrWd".
inline constexpr std::uint32_t application_number = 0x4d725764;

/// The version of the schema that this program reads and writes.
int schema_version() noexcept;

/// What brings an empty database to each version, from 1.
std::span<const std::string_view> migrations() noexcept;

/// Makes the schema in an empty database, or brings an older one up to date where
/// `Opening` allows it, in one transaction; two at once take turns. Throws
/// `model::StorageError`, and changes nothing, where the schema is older and may not
/// be changed, is newer than this program, or is not ours.
void ensure_schema(Database&, Opening);

/// The same with other migrations: what brings a schema from one version to the next,
/// the first of them from an empty database.
void ensure_schema(Database&, Opening, std::span<const std::string_view> migrations);

}  // namespace storage
