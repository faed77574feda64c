#pragma once

#include "model/snapshot_update.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Reading and writing the tables of snapshots, within a transaction of the caller's.
namespace storage {

/// A suite of a stored distribution.
struct SuiteKey {
    std::int64_t distribution = 0;
    const std::string& name;
};

/// A snapshot without entries, of columns that begin: suite, sha256, text_sha256, published,
/// valid_until, first_seen.
model::Snapshot read_snapshot_head(const Database&, const Row&);

/// Newest first, without entries.
std::vector<model::Snapshot> read_snapshots(Database&, SuiteKey);

/// With entries.
std::optional<model::Snapshot> read_newest_snapshot(Database&, SuiteKey);
std::optional<model::Snapshot> read_snapshot(Database&, std::int64_t distribution,
                                             const model::Sha256& text);

/// Adds it with its entries, unless the suite has one of that text; then drops what the
/// suite has too many of.
void write_snapshot(Database&, std::int64_t distribution, const model::Snapshot&);

std::optional<model::SuiteValidators> read_validators(Database&, SuiteKey);
void write_validators(Database&, SuiteKey, const model::SuiteValidators&);

/// Replaces what the bucket of that number had.
void write_index_content(Database&, std::int64_t bucket, const model::IndexContent&);

/// Keys, as a blob has them.
std::string pack_keys(const std::vector<std::uint64_t>&);
/// Reads what `pack_keys` wrote; empty where that is no multiple of 8 bytes.
std::optional<std::vector<std::uint64_t>> unpack_keys(const std::string&);

/// A blob's 32 bytes. Throws `model::StorageError` that names the database for any other number.
model::Sha256 read_sha256(const Database&, const std::string& bytes);

}  // namespace storage
