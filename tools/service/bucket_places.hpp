#pragma once

#include "model/history.hpp"
#include "model/store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace service {

using BucketsByDistribution = std::map<std::string, std::vector<model::Bucket>>;

/// Every bucket that the catalogue has, in its order, then those that it has no more.
BucketsByDistribution order_buckets(const std::vector<model::Distribution>&,
                                    const std::vector<model::NumberedBucket>&);

/// The place of each numbered bucket in the list of its distribution, which has it.
std::unordered_map<std::int64_t, std::size_t> find_places(
    const BucketsByDistribution&, const std::vector<model::NumberedBucket>&);

/// The worst of the rows that are known, as `model::mirror_freshness` has it. A row is a
/// `model::Freshness`, or 0 where there is none, of the bucket at its place.
model::MirrorFreshness freshness_of(const std::vector<std::uint8_t>& rows,
                                    const std::vector<model::Bucket>&);

/// Which architectures mirrors have anything of, for many mirrors of one distribution.
class Architectures {
public:
    explicit Architectures(const std::vector<model::Bucket>&);

    /// Those of the rows, `model::source_architecture` among them; by name.
    std::set<std::string> of(const std::vector<std::uint8_t>& rows) const;

private:
    std::vector<std::string> names_;
    std::vector<std::size_t> by_place_;  // in `names_`
};

}  // namespace service
