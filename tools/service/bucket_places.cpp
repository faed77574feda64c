#include "tools/service/bucket_places.hpp"

#include <algorithm>
#include <set>

namespace service {

using model::Bucket;

BucketsByDistribution order_buckets(const std::vector<model::Distribution>& distributions,
                                    const std::vector<model::NumberedBucket>& numbered) {
    BucketsByDistribution all;
    std::map<std::string, std::set<Bucket>> known;
    for (const model::Distribution& distribution : distributions) {
        auto& buckets = all[distribution.name];
        buckets = model::expected_buckets(distribution, {}, model::Expectation::everything);
        known[distribution.name].insert(buckets.begin(), buckets.end());
    }
    std::map<std::string, std::set<Bucket>> extra;
    for (const model::NumberedBucket& one : numbered) {
        if (!known[one.distribution].contains(one.bucket)) {
            extra[one.distribution].insert(one.bucket);
        }
    }
    for (const auto& [distribution, buckets] : extra) {
        auto& list = all[distribution];
        list.insert(list.end(), buckets.begin(), buckets.end());
    }
    return all;
}

std::unordered_map<std::int64_t, std::size_t> find_places(
    const BucketsByDistribution& buckets, const std::vector<model::NumberedBucket>& numbered) {
    std::map<std::string, std::map<Bucket, std::size_t>> places;
    for (const auto& [distribution, list] : buckets) {
        auto& of_one = places[distribution];
        for (const Bucket& bucket : list) {
            of_one.emplace(bucket, of_one.size());
        }
    }
    std::unordered_map<std::int64_t, std::size_t> by_number;
    for (const model::NumberedBucket& one : numbered) {
        by_number.emplace(one.number, places.at(one.distribution).at(one.bucket));
    }
    return by_number;
}

model::MirrorFreshness freshness_of(const std::vector<std::uint8_t>& rows,
                                    const std::vector<Bucket>& buckets) {
    std::vector<model::ContentRow> worst(2);
    worst[1].bucket.architecture = model::source_architecture;
    std::uint8_t source = 0;
    std::uint8_t binary = 0;
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (rows[place] == static_cast<std::uint8_t>(model::Freshness::unknown)) {
            continue;
        }
        auto& half = buckets[place].is_source() ? source : binary;
        half = std::max(half, rows[place]);
    }
    const auto word = [](std::uint8_t value) {
        return value == 0 ? model::Freshness::unknown : static_cast<model::Freshness>(value);
    };
    worst[0].freshness = word(binary);
    worst[1].freshness = word(source);
    return model::mirror_freshness(worst);
}

Architectures::Architectures(const std::vector<Bucket>& buckets) {
    for (const Bucket& bucket : buckets) {
        const auto found = std::ranges::find(names_, bucket.architecture);
        by_place_.push_back(static_cast<std::size_t>(found - names_.begin()));
        if (found == names_.end()) {
            names_.push_back(bucket.architecture);
        }
    }
}

std::set<std::string> Architectures::of(const std::vector<std::uint8_t>& rows) const {
    std::vector<bool> has(names_.size());
    for (std::size_t place = 0; place < std::min(rows.size(), by_place_.size()); ++place) {
        if (rows[place] != 0) {
            has[by_place_[place]] = true;
        }
    }
    std::set<std::string> all;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (has[i]) {
            all.insert(names_[i]);
        }
    }
    return all;
}

}  // namespace service
