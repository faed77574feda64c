#pragma once

#include "model/archive_index.hpp"
#include "model/publication.hpp"
#include "model/snapshot.hpp"
#include "model/snapshot_update.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// What of a suite has to be read again, and what came of it.
namespace model {

/// What is stored of a suite before it is refreshed.
struct SuiteKnowledge {
    std::optional<Snapshot> newest;      // with its entries
    std::vector<IndexContent> contents;  // of its buckets
    std::optional<SuiteValidators> validators;
};

/// Null where nothing is known of the bucket: its next index is a baseline that dates nothing.
const IndexContent* find_content(const SuiteKnowledge&, const Bucket&) noexcept;

/// Whether the newest snapshot's names are known, and every bucket that it has an index of was
/// read, so that "nothing has changed" is all that need be asked.
bool is_complete(const SuiteKnowledge&, const std::vector<Bucket>& buckets);

/// Whether the index lists what is known already, and need not be fetched.
bool is_known(const WantedIndex&, const SuiteKnowledge&);

/// Buckets that were read, and whose index the Release does not name any more.
std::vector<Bucket> gone_buckets(const SuiteKnowledge&, const std::vector<WantedIndex>&,
                                 const std::vector<Bucket>& buckets);

/// Sorted, no doubles; in the memory that they need.
void tidy_keys(std::vector<std::uint64_t>&);

/// Those of `published` that an index listed and does not list any more, as SUPERSEDED. The
/// indexes as sorted keys; what was published elsewhere, and told by hand, stays.
std::vector<Publication> superseded(std::span<const Publication> published,
                                    std::span<const std::uint64_t> listed_before,
                                    std::span<const std::uint64_t> listed_now);

}  // namespace model
