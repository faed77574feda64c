#include "model/refresh_changes.hpp"

#include "model/index_package.hpp"

#include <algorithm>

namespace model {
namespace {

/// What a snapshot says of its indexes, to be asked as a Release is.
Release as_release(const Snapshot& snapshot) {
    Release release;
    release.entries = snapshot.entries;
    return release;
}

}  // namespace

const IndexContent* find_content(const SuiteKnowledge& known, const Bucket& bucket) noexcept {
    const auto found =
        std::find_if(known.contents.begin(), known.contents.end(),
                     [&](const IndexContent& content) { return content.bucket == bucket; });
    return found == known.contents.end() ? nullptr : &*found;
}

bool is_complete(const SuiteKnowledge& known, const std::vector<Bucket>& buckets) {
    if (!known.newest || !known.newest->names) {
        return false;
    }
    const auto indexes = wanted_indexes(as_release(*known.newest), buckets);
    return std::all_of(indexes.begin(), indexes.end(), [&](const WantedIndex& index) {
        return find_content(known, index.bucket) != nullptr;
    });
}

bool is_known(const WantedIndex& index, const SuiteKnowledge& known) {
    const auto* const content = find_content(known, index.bucket);
    if (content == nullptr) {
        return false;
    }
    if (index.inflated) {
        return content->sha256 == index.inflated->sha256;
    }
    return known.newest &&
           std::any_of(known.newest->entries.begin(), known.newest->entries.end(),
                       [&](const ReleaseEntry& before) { return before == index.entry; });
}

std::vector<Bucket> gone_buckets(const SuiteKnowledge& known,
                                 const std::vector<WantedIndex>& indexes,
                                 const std::vector<Bucket>& buckets) {
    std::vector<Bucket> gone;
    for (const auto& bucket : buckets) {
        const auto* const content = find_content(known, bucket);
        const bool is_named =
            std::any_of(indexes.begin(), indexes.end(),
                        [&](const WantedIndex& index) { return index.bucket == bucket; });
        if (content != nullptr && !content->packages.empty() && !is_named) {
            gone.push_back(bucket);
        }
    }
    return gone;
}

void tidy_keys(std::vector<std::uint64_t>& keys) {
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    keys.shrink_to_fit();
}

std::vector<Publication> superseded(std::span<const Publication> published,
                                    std::span<const std::uint64_t> listed_before,
                                    std::span<const std::uint64_t> listed_now) {
    std::vector<Publication> gone;
    for (const auto& publication : published) {
        const auto key = package_key(publication);
        if (std::binary_search(listed_before.begin(), listed_before.end(), key) &&
            !std::binary_search(listed_now.begin(), listed_now.end(), key)) {
            gone.push_back(publication);
            gone.back().status = PublicationStatus::superseded;
        }
    }
    return gone;
}

}  // namespace model
