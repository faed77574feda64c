#pragma once

#include "model/archive_index.hpp"
#include "model/refresh_changes.hpp"
#include "model/refresh_fault.hpp"
#include "model/snapshot_update.hpp"
#include "prober/fetch_index.hpp"
#include "prober/fetch_release.hpp"
#include "prober/http_client.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace prober {

struct RefreshLimits {
    ReleaseLimits release;
    IndexLimits index;
};

/// A suite of a primary archive, and what is stored of it.
struct SuiteQuestion {
    std::string distribution;
    std::string primary_url;  // "http://archive.example.org/debian/"
    std::string keyring;      // a path
    model::SuiteBuckets suite;
    model::SuiteKnowledge known;
    model::Timestamp now;
};

/// What a refresh of a suite found. Nothing is stored yet.
struct SuiteAnswer {
    enum class Kind {
        unchanged,  // store the validators
        changed,    // store the update, and supersede what its contents lack
        faulty,     // store nothing
    };
    Kind kind = Kind::faulty;
    model::SuiteValidators validators;
    model::SnapshotUpdate update;
    bool is_baseline = false;  // nothing was known of the suite
    std::size_t indexes = 0;   // that the Release names
    model::RefreshFault fault;
    std::uint32_t requests = 0;
    std::uint64_t bytes = 0;
};

/// Asks the primary archive for the suite's Release, verifies and judges it, and reads the indexes
/// that changed, one after the other. A suite that has not changed costs one conditional request.
asio::awaitable<SuiteAnswer> refresh_suite(HttpClient& client, SuiteQuestion question,
                                           RefreshLimits limits);

}  // namespace prober
