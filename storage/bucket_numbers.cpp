#include "storage/bucket_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

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

std::int64_t BucketNumbers::number(const DistributionIds& stored, const model::Bucket& bucket) {
    Numbers& numbers = numbers_of(stored);
    if (const auto known = numbers.find(bucket); known != numbers.end()) {
        return known->second;
    }
    const auto series = stored.series_ids.find(bucket.series);
    if (series == stored.series_ids.end()) {
        throw model::StorageError(
            fmt::format("{}: a row for {} cannot be stored: the distribution {} has no series {}",
                        database_.title(), to_string(bucket), stored.name, bucket.series));
    }
    const Rows added = database_.execute(
        "INSERT INTO bucket (series, pocket, component, architecture) "
        "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
        {series->second, bucket.pocket, bucket.component, bucket.architecture});
    const std::int64_t number =
        added.empty() ? read(series->second, bucket).value() : added[0].integer(0);
    given_.push_back({stored.id, bucket});
    numbers.emplace(bucket, number);
    return number;
}

std::optional<std::int64_t> BucketNumbers::find(const DistributionIds& stored,
                                                const model::Bucket& bucket) {
    const auto series = stored.series_ids.find(bucket.series);
    if (series == stored.series_ids.end()) {
        return std::nullopt;
    }
    return read(series->second, bucket);
}

std::optional<std::int64_t> BucketNumbers::read(std::int64_t series, const model::Bucket& bucket) {
    const Rows rows = database_.execute(
        "SELECT id FROM bucket WHERE series = $1 AND pocket = $2 "
        "AND component = $3 AND architecture = $4",
        {series, bucket.pocket, bucket.component, bucket.architecture});
    if (rows.empty()) {
        return std::nullopt;
    }
    return rows[0].integer(0);
}

BucketNumbers::Numbers& BucketNumbers::numbers_of(const DistributionIds& stored) {
    const auto [place, is_new] = numbers_.try_emplace(stored.id);
    if (is_new) {
        for (const Row row : database_.execute(
                 "SELECT b.id, s.name, b.pocket, b.component, b.architecture FROM bucket b "
                 "JOIN series s ON s.id = b.series WHERE s.distribution = $1",
                 {stored.id})) {
            place->second.emplace(model::Bucket{.series = row.text(1),
                                                .pocket = row.word<model::Pocket>(2),
                                                .component = row.text(3),
                                                .architecture = row.text(4)},
                                  row.integer(0));
        }
    }
    return place->second;
}

}  // namespace storage
