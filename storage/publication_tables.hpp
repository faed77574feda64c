#pragma once

#include "model/publication.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Reading and writing the table of publications, within a transaction of the caller's.
namespace storage {

struct NumberedPublication {
    std::int64_t bucket = 0;
    const model::Publication* publication = nullptr;  // not null
};

struct MergedPublications {
    std::size_t added = 0;
    std::size_t updated = 0;  // the status, path or type of a known one changed
};

/// Adds those that are new and updates those that are known; of several with one
/// identity the last counts.
MergedPublications merge_publications(Database&, std::vector<NumberedPublication>);

/// Columns: series, pocket, component, architecture, published, source, version, file,
/// path, file_type, status.
model::Publication read_publication(const Row&, const std::string& distribution);

}  // namespace storage
