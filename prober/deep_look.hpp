#pragma once

#include "model/observation.hpp"
#include "model/release_file.hpp"
#include "model/suite_findings.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace prober {

/// How much of one suite a deep look fetches.
struct DeepLimits {
    std::uint64_t small_bytes_max;     // every index up to this size is fetched
    std::uint64_t large_bytes_max;     // and one that is larger, up to this; each look another
    std::uint64_t inflated_bytes_max;  // of an index
    std::size_t indexes_max;           // that are fetched; where there are more, others each look
    std::uint64_t indexes_bytes_max;   // of all of them; the large one comes first
    std::size_t pool_files_max;        // of which the size is asked
    std::uint64_t pool_bytes_max;      // of them that are fetched
};

/// One suite of a mirror, whose Release was read and whose indexes answered.
struct DeepTask {
    std::string base_url;  // normalised
    std::string suite;     // the folder below dists/
    bool has_by_hash;      // its Release says so
    std::uint64_t chance;  // chooses the files of the pool, and the large index
    DeepLimits limits;
    std::vector<model::ReleaseEntry> indexes;  // that are there
};

struct DeepAnswers {
    /// Of those that were fetched: what came, with its size and, if all came, its SHA-256.
    std::vector<model::IndexFacts> indexes;
    std::vector<model::Finding> findings;  // of by-hash and of the pool
    model::RequestCost cost{.kind = "deep", .requests = 0, .bytes = 0};
    bool was_cancelled = false;
};

/// Fetches indexes, hashes them, looks for them under their hashes, and takes files of the pool
/// at random out of them: their sizes, and the SHA-256 of some small ones. `Lane` outlives it.
asio::awaitable<DeepAnswers> look_deep(Lane&, DeepTask);

}  // namespace prober
