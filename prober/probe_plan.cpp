#include "prober/probe_plan.hpp"

#include "model/archive_index.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace prober {
namespace {

constexpr Target no_target = std::numeric_limits<Target>::max();

/// The publications of each bucket: runs of neighbours, as the store orders them.
std::map<model::Bucket, std::span<const model::Publication>> by_bucket(
    std::span<const model::Publication> publications) {
    std::map<model::Bucket, std::span<const model::Publication>> result;
    std::size_t begin = 0;
    while (begin < publications.size()) {
        std::size_t end = begin + 1;
        while (end < publications.size() &&
               publications[end].bucket == publications[begin].bucket) {
            ++end;
        }
        result.emplace(publications[begin].bucket, publications.subspan(begin, end - begin));
        begin = end;
    }
    return result;
}

}  // namespace

ProbePlan ProbePlan::for_archive(model::Distribution distribution,
                                 std::span<const model::Publication> publications,
                                 model::Timestamp when, std::span<const model::Snapshot> newest) {
    ProbePlan plan(model::Content::archive, std::move(distribution));
    plan.buckets_ = model::expected_buckets(plan.distribution_, {}, model::Expectation::everything);
    const auto published = by_bucket(publications);
    for (const auto& bucket : plan.buckets_) {
        plan.add_suite(bucket);
        plan.path_begin_.push_back(static_cast<std::uint32_t>(plan.path_text_.size()));
        plan.path_text_ += model::published_index_path(bucket, newest);
        plan.checks_begin_.push_back(static_cast<std::uint32_t>(plan.checks_.size()));
        const auto found = published.find(bucket);
        if (found == published.end()) {
            continue;
        }
        for (const auto& check : model::freshness_checks(plan.distribution_.freshness_rule, bucket,
                                                         found->second, when)) {
            plan.checks_.push_back(
                {.freshness = check.freshness,
                 .path_begin = static_cast<std::uint32_t>(plan.check_text_.size()),
                 .path_bytes = static_cast<std::uint32_t>(check.path.size())});
            plan.check_text_ += check.path;
        }
    }
    plan.path_begin_.push_back(static_cast<std::uint32_t>(plan.path_text_.size()));
    plan.checks_begin_.push_back(static_cast<std::uint32_t>(plan.checks_.size()));
    return plan;
}

/// Those of one suite follow each other.
void ProbePlan::add_suite(const model::Bucket& bucket) {
    auto suite = model::suite(bucket);
    if (suites_.empty() || suites_.back() != suite) {
        suites_.push_back(std::move(suite));
    }
    suite_of_.push_back(static_cast<std::uint16_t>(suites_.size() - 1));
}

ProbePlan ProbePlan::for_release(model::Distribution distribution,
                                 const std::vector<model::ImageSums>& sums) {
    ProbePlan plan(model::Content::release, std::move(distribution));
    for (const auto& series : plan.distribution_.series) {
        for (const auto& images : series.images) {
            if (images.files.empty()) {
                continue;
            }
            const auto first = static_cast<Target>(plan.image_files_.size());
            plan.add_images(images);
            plan.add_sums(images, sums);
            plan.image_sets_.push_back(
                {.row = {.series = series.name, .flavour = images.flavour},
                 .is_required = series.status != model::SeriesStatus::obsolete,
                 .first = first,
                 .count = static_cast<Target>(plan.image_files_.size()) - first});
        }
    }
    return plan;
}

void ProbePlan::add_images(const model::ImageSet& images) {
    for (std::size_t i = 0; i < images.files.size(); ++i) {
        const auto size = images.sizes.empty() ? std::nullopt : std::optional(images.sizes.at(i));
        image_files_.push_back({.path = images.files[i], .size = size, .sums = {}});
    }
}

/// Only what is said of the set's own files counts: a mirror need not have the others.
void ProbePlan::add_sums(const model::ImageSet& images, const std::vector<model::ImageSums>& all) {
    for (const auto& [folder, sums] : all) {
        ImageFile file{.path = folder + std::string(model::checksum_file_name),
                       .size = std::nullopt,
                       .sums = {}};
        for (const auto& path : images.files) {
            if (model::folder_of(path) != folder) {
                continue;
            }
            if (const auto* const sum = model::find_checksum(sums, path.substr(folder.size()))) {
                file.sums.push_back(*sum);
            }
        }
        if (!file.sums.empty()) {
            image_files_.push_back(std::move(file));
        }
    }
}

std::size_t ProbePlan::target_count() const noexcept {
    return content_ == model::Content::archive ? buckets_.size() : image_files_.size();
}

std::string_view ProbePlan::path(Target target) const {
    if (content_ == model::Content::release) {
        return image_files_.at(target).path;
    }
    const auto begin = path_begin_.at(target);
    return std::string_view(path_text_).substr(begin, path_begin_.at(target + 1) - begin);
}

std::string_view ProbePlan::path_in_suite(Target target) const {
    constexpr std::string_view folder = "dists/";
    return path(target).substr(folder.size() + suites_.at(suite(target)).size() + 1);
}

std::optional<std::uint64_t> ProbePlan::expected_size(Target target) const {
    return image_files_.at(target).size;
}

const std::vector<model::Checksum>* ProbePlan::expected_sums(Target target) const {
    const auto& sums = image_files_.at(target).sums;
    return sums.empty() ? nullptr : &sums;
}

std::span<const ProbePlan::Check> ProbePlan::checks(Target target) const {
    if (content_ == model::Content::release) {
        return {};
    }
    const auto begin = checks_begin_.at(target);
    return std::span(checks_).subspan(begin, checks_begin_.at(target + 1) - begin);
}

std::string_view ProbePlan::check_path(const Check& check) const noexcept {
    return std::string_view(check_text_).substr(check.path_begin, check.path_bytes);
}

Assigner::Assigner(const ProbePlan& plan) : plan_{plan} {
    is_usual_.resize(plan.target_count());
    if (plan.content() == model::Content::release) {
        for (const auto& images : plan.image_sets()) {
            std::fill_n(is_usual_.begin() + images.first, images.count, images.is_required);
        }
        return;
    }
    by_bucket_.resize(plan.target_count());
    std::iota(by_bucket_.begin(), by_bucket_.end(), 0U);
    std::sort(by_bucket_.begin(), by_bucket_.end(),
              [&plan](Target a, Target b) { return plan.bucket(a) < plan.bucket(b); });
    const auto usual = model::expected_buckets(plan.distribution(), {}, model::Expectation::usual);
    Target hint = 0;
    for (const auto& bucket : usual) {
        hint = find(bucket, hint);
        assert(hint != no_target);
        is_usual_.at(hint++) = true;
    }
}

/// `hint`: rows come in the plan's order nearly always, so that the next one is it.
Target Assigner::find(const model::Bucket& bucket, Target hint) const {
    if (hint < plan_.target_count() && plan_.bucket(hint) == bucket) {
        return hint;
    }
    const auto found = std::lower_bound(
        by_bucket_.begin(), by_bucket_.end(), bucket,
        [this](Target target, const model::Bucket& b) { return plan_.bucket(target) < b; });
    return found != by_bucket_.end() && plan_.bucket(*found) == bucket ? *found : no_target;
}

Assignment Assigner::assign(std::span<const model::ContentRow> rows) {
    std::vector<bool> had(plan_.target_count());
    Target hint = 0;
    for (const auto& row : rows) {
        // A row that the catalogue no longer knows just goes.
        if (const auto target = find(row.bucket, hint); target != no_target) {
            had.at(target) = true;
            hint = target + 1;
        }
    }
    return assign(std::move(had));
}

std::optional<Target> Assigner::target_of(const model::Bucket& bucket) const {
    const auto target = find(bucket, 0);
    return target == no_target ? std::nullopt : std::optional(target);
}

Assignment Assigner::assign(std::vector<bool> had) {
    assert(had.size() == plan_.target_count());
    // An OBSOLETE series or unofficial architecture stays watched until it goes.
    Targets asked;
    for (Target target = 0; target < plan_.target_count(); ++target) {
        if (is_usual_[target] || had[target]) {
            asked.push_back(target);
        }
    }
    return share(std::move(asked), std::move(had));
}

Assignment Assigner::assign(std::span<const model::ImageRow> rows) {
    std::vector<bool> had(plan_.target_count());
    Targets asked;
    for (const auto& images : plan_.image_sets()) {
        const bool was_whole = std::find(rows.begin(), rows.end(), images.row) != rows.end();
        for (Target target = images.first; target < images.first + images.count; ++target) {
            had[target] = was_whole;
            if (images.is_required || was_whole) {
                asked.push_back(target);
            }
        }
    }
    return share(std::move(asked), std::move(had));
}

Assignment Assigner::share(Targets asked, std::vector<bool> had) {
    auto known = shared_.insert(std::make_shared<const Targets>(std::move(asked))).first;
    return {.asked = *known, .had = std::move(had)};
}

}  // namespace prober
