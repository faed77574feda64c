#pragma once

#include "model/archive_index.hpp"
#include "model/publication.hpp"
#include "model/refresh_fault.hpp"
#include "model/snapshot_update.hpp"
#include "prober/http_client.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace prober {

/// What an index may cost, where the Release does not say it more exactly.
struct IndexLimits {
    std::uint64_t bytes_max;
    std::uint64_t inflated_bytes_max;
    std::uint64_t ratio_max;
    std::uint64_t window_bytes_max;
    std::size_t stanza_bytes_max;
};

/// One index of a suite, and what makes publications of its packages.
struct IndexQuestion {
    std::string suite_url;  // "http://archive.example.org/debian/dists/bookworm/"
    model::WantedIndex index;
    std::string distribution;
    model::Timestamp published;  // of what is new
    /// What the index listed before; null: nothing is known, and so nothing is new. Outlives the
    /// call.
    const model::IndexContent* known = nullptr;
};

struct IndexAnswer {
    model::IndexContent content;
    std::vector<model::Publication> published;  // what was not there before
    std::optional<model::RefreshFault> fault;   // then all else is worthless
    std::uint32_t requests = 0;
    std::uint64_t bytes = 0;
};

/// Fetches the index, by its hash where that is offered and else, or where there is no such file,
/// by its name; reads it as it comes, and compares sizes and hashes with what the Release says.
asio::awaitable<IndexAnswer> fetch_index(Lane& lane, IndexQuestion question, IndexLimits limits);

}  // namespace prober
