#include "model/bucket.hpp"

#include "model/debian_version.hpp"

#include <algorithm>
#include <compare>
#include <functional>
#include <set>

namespace model {
namespace {

/// What of one series is asked for.
class SeriesBuckets {
public:
    SeriesBuckets(const Series& series, const std::set<Bucket>& carried, Expectation expectation)
        : series_{series}, carried_{carried}, expectation_{expectation} {}

    void append_to(std::vector<Bucket>& buckets, Pocket pocket, const std::string& component) {
        const bool is_current =
            expectation_ == Expectation::everything || series_.status != SeriesStatus::obsolete;
        const bool wants_unofficial = expectation_ == Expectation::everything;
        const auto append = [&](std::string_view architecture, bool is_wanted) {
            Bucket bucket{.series = series_.name,
                          .pocket = pocket,
                          .component = component,
                          .architecture = std::string{architecture}};
            if (is_wanted || carried_.contains(bucket)) {
                buckets.push_back(std::move(bucket));
            }
        };
        for (const std::string& architecture : series_.architectures) {
            append(architecture, is_current);
        }
        for (const std::string& architecture : series_.unofficial_architectures) {
            append(architecture, wants_unofficial);
        }
        append(source_architecture, is_current);
    }

private:
    const Series& series_;
    const std::set<Bucket>& carried_;
    Expectation expectation_;
};

/// Newest first; equal versions stay in catalogue order.
std::vector<std::reference_wrapper<const Series>> by_version(const Distribution& distribution) {
    std::vector<std::reference_wrapper<const Series>> sorted(distribution.series.begin(),
                                                             distribution.series.end());
    std::ranges::stable_sort(sorted, [](const Series& left, const Series& right) {
        return std::is_gt(compare_debian_versions(left.version, right.version));
    });
    return sorted;
}

}  // namespace

std::string suite(const Bucket& bucket) {
    return bucket.series + std::string{pocket_suffix(bucket.pocket)};
}

std::string index_path(const Bucket& bucket) {
    const std::string folder = "dists/" + suite(bucket) + '/' + bucket.component + '/';
    if (bucket.is_source()) {
        return folder + "source/Sources.gz";
    }
    return folder + "binary-" + bucket.architecture + "/Packages.gz";
}

std::string to_string(const Bucket& bucket) {
    return bucket.series + ' ' + std::string{to_string(bucket.pocket)} + ' ' + bucket.component +
           ' ' + bucket.architecture;
}

std::vector<Bucket> expected_buckets(const Distribution& distribution,
                                     const std::vector<Bucket>& carried, Expectation expectation) {
    const std::set<Bucket> carried_set(carried.begin(), carried.end());
    std::vector<Pocket> pockets = distribution.pockets;
    std::ranges::sort(pockets);
    std::vector<Bucket> buckets;
    for (const Series& series : by_version(distribution)) {
        if (series.architectures.empty() && series.unofficial_architectures.empty()) {
            continue;
        }
        SeriesBuckets wanted(series, carried_set, expectation);
        for (const Pocket pocket : pockets) {
            for (const std::string& component : series.components) {
                wanted.append_to(buckets, pocket, component);
            }
        }
    }
    return buckets;
}

}  // namespace model
