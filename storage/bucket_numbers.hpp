#pragma once

#include "model/bucket.hpp"
#include "storage/catalog_tables.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace storage {

/// Whether the catalogue has this bucket: its series, pocket, component and
/// architecture, official or not.
bool has_bucket(const model::Distribution&, const model::Bucket&);

/// The numbers of buckets, which rows and publications are stored by. Remembers them:
/// a bucket keeps its number for ever.
class BucketNumbers {
public:
    explicit BucketNumbers(Database& database) : database_{database} {}

    /// To be called at the start of a transaction that gives numbers out: forgets those
    /// of a transaction that was rolled back.
    void start();
    /// To be called after the commit.
    void keep() noexcept { given_.clear(); }

    /// The buckets' numbers, in their order; given out now, all at once, to those that have
    /// none. Throws `model::StorageError` if the distribution has no such series.
    std::vector<std::int64_t> numbers(const DistributionIds&,
                                      std::span<const model::Bucket* const>);
    std::int64_t number(const DistributionIds& stored, const model::Bucket& bucket) {
        const auto* const one = &bucket;
        return numbers(stored, {&one, 1}).front();
    }

    /// The bucket's number if it has one.
    std::optional<std::int64_t> find(const DistributionIds&, const model::Bucket&);

private:
    struct Hash {
        std::size_t operator()(const model::Bucket&) const noexcept;
    };
    using Numbers = std::unordered_map<model::Bucket, std::int64_t, Hash>;
    struct Given {
        std::int64_t distribution = 0;
        model::Bucket bucket;
    };

    void read(std::int64_t distribution, Numbers&);
    void give(const DistributionIds&, Numbers&, std::span<const model::Bucket* const>);
    std::int64_t series_of(const DistributionIds&, const model::Bucket&) const;

    Database& database_;
    std::unordered_map<std::int64_t, Numbers> numbers_;  // by distribution
    std::vector<Given> given_;                           // not committed yet
};

}  // namespace storage
