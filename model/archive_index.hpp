#pragma once

#include "model/bucket.hpp"
#include "model/release_file.hpp"
#include "model/snapshot.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace model {

/// One suite of a distribution, and the buckets that it is made of.
struct SuiteBuckets {
    std::string suite;  // "bookworm-updates"
    std::vector<Bucket> buckets;
};

/// Every suite that the distribution's primary archive should have, newest series first. OBSOLETE
/// series, which archives move away, and FUTURE ones are left out; unofficial architectures are in.
std::vector<SuiteBuckets> suites_of(const Distribution&);

/// An index that a Release names, in the form that is to be fetched.
struct WantedIndex {
    Bucket bucket;
    ReleaseEntry entry;                    // of that form: "main/binary-amd64/Packages.gz"
    std::optional<ReleaseEntry> inflated;  // what it inflates to, where the Release says it
    std::string by_hash_path;              // below the suite's folder; empty: not offered
};

/// The indexes of `buckets` that the Release names; each as .gz where there is a choice, then .xz,
/// .zst, plain.
std::vector<WantedIndex> wanted_indexes(const Release&, const std::vector<Bucket>& buckets);

/// Where a bucket's index lies below its suite's folder, without what tells its packing:
/// "main/binary-amd64/Packages", "main/source/Sources".
std::string index_name(const Bucket&);

/// Where mirrors have a bucket's index, below the base URL: as .gz (`index_path`), but where the
/// archive is known to publish it otherwise alone, as .xz, .zst or plain. Debian has no .gz of
/// bookworm-updates. `newest`: of suites, with their entries; any may be missing.
std::string published_index_path(const Bucket&, std::span<const Snapshot> newest);

}  // namespace model
