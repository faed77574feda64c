#include "model/archive_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace model {
namespace {

/// The first that is there is fetched.
constexpr std::array<std::string_view, 4> packings = {".gz", ".xz", ".zst", ""};

bool is_in_primary(const Distribution& distribution, const Bucket& bucket) {
    const auto series = std::find_if(distribution.series.begin(), distribution.series.end(),
                                     [&](const Series& one) { return one.name == bucket.series; });
    return series != distribution.series.end() && series->status != SeriesStatus::obsolete &&
           series->status != SeriesStatus::future;
}

/// Source: "Debian Repository Format", "Acquire-By-Hash".
std::string by_hash_path(const ReleaseEntry& entry) {
    const auto slash = entry.path.rfind('/');
    const auto folder =
        slash == std::string::npos ? std::string{} : entry.path.substr(0, slash + 1);
    return fmt::format("{}by-hash/SHA256/{}", folder, to_string(entry.sha256));
}

}  // namespace

std::vector<SuiteBuckets> suites_of(const Distribution& distribution) {
    std::vector<SuiteBuckets> suites;
    for (auto& bucket : expected_buckets(distribution, {}, Expectation::everything)) {
        if (!is_in_primary(distribution, bucket)) {
            continue;
        }
        auto name = suite(bucket);
        auto known = std::find_if(suites.begin(), suites.end(),
                                  [&](const SuiteBuckets& one) { return one.suite == name; });
        if (known == suites.end()) {
            suites.push_back({std::move(name), {}});
            known = std::prev(suites.end());
        }
        known->buckets.push_back(std::move(bucket));
    }
    return suites;
}

std::string published_index_path(const Bucket& bucket, std::span<const Snapshot> newest) {
    const auto name = suite(bucket);
    const auto snapshot = std::ranges::find(newest, name, &Snapshot::suite);
    if (snapshot != newest.end()) {
        for (const auto packing : packings) {
            const auto path = index_name(bucket) + std::string(packing);
            if (std::ranges::find(snapshot->entries, path, &ReleaseEntry::path) !=
                snapshot->entries.end()) {
                return fmt::format("dists/{}/{}", name, path);
            }
        }
    }
    return index_path(bucket);
}

std::vector<WantedIndex> wanted_indexes(const Release& release,
                                        const std::vector<Bucket>& buckets) {
    std::vector<WantedIndex> wanted;
    for (const auto& bucket : buckets) {
        const auto name = index_name(bucket);
        const ReleaseEntry* found = nullptr;
        for (const auto packing : packings) {
            found = find_entry(release, name + std::string(packing));
            if (found != nullptr) {
                break;
            }
        }
        if (found == nullptr) {
            continue;
        }
        WantedIndex& index = wanted.emplace_back();
        index.bucket = bucket;
        index.entry = *found;
        if (const auto* const plain = find_entry(release, name); plain != nullptr) {
            index.inflated = *plain;
        }
        if (release.acquire_by_hash) {
            index.by_hash_path = by_hash_path(*found);
        }
    }
    return wanted;
}

std::string index_name(const Bucket& bucket) {
    return bucket.is_source()
               ? fmt::format("{}/source/Sources", bucket.component)
               : fmt::format("{}/binary-{}/Packages", bucket.component, bucket.architecture);
}

}  // namespace model
