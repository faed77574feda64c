#include "storage/bucket_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_set>

namespace storage {

bool has_bucket(const model::Distribution& distribution, const model::Bucket& bucket) {
    const auto holds = [](const auto& list, const auto& item) {
        return std::find(list.begin(), list.end(), item) != list.end();
    };
    const auto series =
        std::find_if(distribution.series.begin(), distribution.series.end(),
                     [&](const model::Series& one) { return one.name == bucket.series; });
    return series != distribution.series.end() && holds(distribution.pockets, bucket.pocket) &&
           holds(series->components, bucket.component) &&
           (bucket.is_source() || holds(series->architectures, bucket.architecture) ||
            holds(series->unofficial_architectures, bucket.architecture));
}

std::size_t BucketNumbers::Hash::operator()(const model::Bucket& bucket) const noexcept {
    const std::hash<std::string> hash;
    std::size_t seed = hash(bucket.architecture);
    seed = seed * 31 + hash(bucket.component);
    seed = seed * 31 + hash(bucket.series);
    return seed * 31 + static_cast<std::size_t>(bucket.pocket);
}

void BucketNumbers::start() {
    for (const Given& given : given_) {
        numbers_[given.distribution].erase(given.bucket);
    }
    given_.clear();
}

std::vector<std::int64_t> BucketNumbers::numbers(const DistributionIds& stored,
                                                 std::span<const model::Bucket* const> buckets) {
    const auto [place, is_new] = numbers_.try_emplace(stored.id);
    Numbers& known = place->second;
    if (is_new) {
        read(stored.id, known);
    }
    std::vector<std::int64_t> numbers;
    numbers.reserve(buckets.size());
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        auto found = known.find(*buckets[i]);
        if (found == known.end()) {
            read(stored.id, known);  // another may have given them numbers meanwhile
            give(stored, known, buckets.subspan(i));
            found = known.find(*buckets[i]);
        }
        numbers.push_back(found->second);
    }
    return numbers;
}

void BucketNumbers::give(const DistributionIds& stored, Numbers& known,
                         std::span<const model::Bucket* const> buckets) {
    std::vector<const model::Bucket*> unknown;
    std::unordered_set<model::Bucket, Hash> met;
    for (const model::Bucket* const bucket : buckets) {
        if (!known.contains(*bucket) && met.insert(*bucket).second) {
            unknown.push_back(bucket);
        }
    }
    if (unknown.empty()) {
        return;
    }
    const auto keys = database_.new_keys("bucket", unknown.size());
    std::vector<Value> values;
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        const model::Bucket& bucket = *unknown[i];
        values.insert(values.end(),
                      {Value{keys[i]}, Value{series_of(stored, bucket)}, Value{bucket.pocket},
                       Value{bucket.component}, Value{bucket.architecture}});
    }
    database_.insert_many("bucket", "id, series, pocket, component, architecture", values);
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        given_.push_back({stored.id, *unknown[i]});
        known.emplace(*unknown[i], keys[i]);
    }
}

std::int64_t BucketNumbers::series_of(const DistributionIds& stored,
                                      const model::Bucket& bucket) const {
    const auto series = stored.series_ids.find(bucket.series);
    if (series == stored.series_ids.end()) {
        throw model::StorageError(
            fmt::format("{}: a row for {} cannot be stored: the distribution {} has no series {}",
                        database_.title(), to_string(bucket), stored.name, bucket.series));
    }
    return series->second;
}

std::optional<std::int64_t> BucketNumbers::find(const DistributionIds& stored,
                                                const model::Bucket& bucket) {
    const auto series = stored.series_ids.find(bucket.series);
    if (series == stored.series_ids.end()) {
        return std::nullopt;
    }
    const Rows rows = database_.execute(
        "SELECT id FROM bucket WHERE series = $1 AND pocket = $2 "
        "AND component = $3 AND architecture = $4",
        {series->second, bucket.pocket, bucket.component, bucket.architecture});
    if (rows.empty()) {
        return std::nullopt;
    }
    return rows[0].integer(0);
}

/// Adds what is not known yet.
void BucketNumbers::read(std::int64_t distribution, Numbers& known) {
    for (const Row row : database_.execute(
             "SELECT b.id, s.name, b.pocket, b.component, b.architecture FROM bucket b "
             "JOIN series s ON s.id = b.series WHERE s.distribution = $1",
             {distribution})) {
        known.emplace(model::Bucket{.series = row.text(1),
                                    .pocket = row.word<model::Pocket>(2),
                                    .component = row.text(3),
                                    .architecture = row.text(4)},
                      row.integer(0));
    }
}

}  // namespace storage
