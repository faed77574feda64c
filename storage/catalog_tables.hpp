#pragma once

#include "model/bucket.hpp"
#include "model/catalog.hpp"
#include "model/store.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Reading and writing the tables of distributions and series, within a
/// transaction of the caller's.
namespace storage {

/// What rows of a distribution are stored by.
struct DistributionIds {
    std::int64_t id = 0;
    std::string name;
    std::map<std::string, std::int64_t> series_ids;  // by name
};

struct StoredDistribution : DistributionIds {
    model::Distribution distribution;
};

/// All of them by name, each with its series newest version first.
std::vector<StoredDistribution> read_distributions(Database&);

/// Empty if there is none of that name, or id.
std::optional<StoredDistribution> read_distribution(Database&, const std::string& name);
std::optional<StoredDistribution> read_distribution(Database&, model::MirrorId);

/// The same without what people say of it: one query instead of eight. Empty if
/// there is no such mirror.
std::optional<DistributionIds> read_distribution_ids(Database&, model::MirrorId);

/// Empty if there is none of that name.
std::optional<std::int64_t> find_distribution(Database&, const std::string& name);

model::Refusal no_such_distribution(const std::string& name);
model::Refusal no_such_bucket(const std::string& distribution, const model::Bucket&);

/// Adds or updates the distribution and its series; series that it does not name stay.
void write_distribution(Database&, const model::Distribution&, const StoredDistribution* known,
                        model::CatalogChanges&);

}  // namespace storage
