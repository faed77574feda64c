#pragma once

#include "model/bucket.hpp"
#include "model/publication.hpp"
#include "model/sha256.hpp"
#include "model/snapshot.hpp"
#include "model/timestamp.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace model {

/// What the primary archive said of a suite's Release when it was last asked, so that the
/// next question can be "has it changed?".
struct SuiteValidators {
    std::string url;            // that it was for: InRelease or Release, below this base
    std::string etag;           // each as the server wrote it; may be empty
    std::string last_modified;  //
    Timestamp checked;          // when it was asked, whether it had changed or not

    friend bool operator==(const SuiteValidators&, const SuiteValidators&) = default;
};

/// What an index lists, as keys that tell one package of one version from another.
struct IndexContent {
    Bucket bucket;
    Sha256 sha256;                        // of the index as inflated
    std::vector<std::uint64_t> packages;  // sorted, no doubles

    friend bool operator==(const IndexContent&, const IndexContent&) = default;
};

/// All that a refresh learnt of one suite that changed, to be stored in one transaction.
struct SnapshotUpdate {
    std::string distribution;
    Snapshot snapshot;                      // with its entries
    std::vector<IndexContent> contents;     // of the indexes that changed
    std::vector<Publication> publications;  // of this distribution: what came, and what has gone
    SuiteValidators validators;
};

}  // namespace model
