#pragma once

#include "model/bucket.hpp"
#include "model/catalog.hpp"
#include "model/freshness.hpp"
#include "model/image_manifest.hpp"
#include "model/publication.hpp"
#include "model/snapshot.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prober {

/// One question to a mirror of a plan: its place in the plan, from 0.
using Target = std::uint32_t;

/// What can be asked of the mirrors of one distribution: a target is an index
/// (ARCHIVE) or a file of an image set (RELEASE).
///
/// Made once for a run and shared by all of the distribution's mirrors. Paths are put
/// together when they are needed: a distribution has thousands of targets and a run
/// hundreds of mirrors.
class ProbePlan {
public:
    /// A file whose presence proves a freshness.
    struct Check {
        model::Freshness freshness = model::Freshness::unknown;
        std::uint32_t path_begin = 0;  // in the plan's text; read it with `check_path`
        std::uint32_t path_bytes = 0;
    };

    /// An image set and its files, which follow each other.
    struct ImageSet {
        model::ImageRow row;
        bool is_required = false;  // missing, it fails the mirror
        Target first = 0;
        Target count = 0;
    };

    /// `publications`: of the distribution, by bucket, as the store gives them;
    /// `when`: the time that freshness is judged for; `newest`: of the suites, as
    /// `model::published_index_path` takes them.
    static ProbePlan for_archive(model::Distribution, std::span<const model::Publication>,
                                 model::Timestamp when,
                                 std::span<const model::Snapshot> newest = {});
    /// `sums`: what the primary's files of checksums say, where it has them. An image set has
    /// those files too then.
    static ProbePlan for_release(model::Distribution, const std::vector<model::ImageSums>& sums);

    model::Content content() const noexcept { return content_; }
    const model::Distribution& distribution() const noexcept { return distribution_; }
    std::size_t target_count() const noexcept;
    std::string_view path(Target) const;  // below the base URL

    /// ARCHIVE only.
    const model::Bucket& bucket(Target target) const { return buckets_.at(target); }
    std::span<const Check> checks(Target) const;  // in the order of freshness; none for an image
    std::string_view check_path(const Check&) const noexcept;

    /// RELEASE only: how large the file should be; nothing: nobody says.
    std::optional<std::uint64_t> expected_size(Target) const;
    /// RELEASE only: what a file of checksums should say; null: the target is none.
    const std::vector<model::Checksum>* expected_sums(Target) const;

    /// The folders below dists/ that the targets are in, in their order. None for RELEASE.
    const std::vector<std::string>& suites() const noexcept { return suites_; }
    /// ARCHIVE only: which of them a target is in.
    std::size_t suite(Target target) const { return suite_of_.at(target); }
    /// ARCHIVE only: below the suite's folder, "main/binary-amd64/Packages.gz".
    std::string_view path_in_suite(Target) const;

    /// Empty for ARCHIVE.
    const std::vector<ImageSet>& image_sets() const noexcept { return image_sets_; }

private:
    ProbePlan(model::Content content, model::Distribution distribution)
        : content_{content}, distribution_{std::move(distribution)} {}

    void add_suite(const model::Bucket&);

    model::Content content_;
    model::Distribution distribution_;
    std::vector<model::Bucket> buckets_;  // in the order of `model::expected_buckets`
    std::vector<std::string> suites_;
    std::vector<std::uint16_t> suite_of_;    // per bucket
    std::vector<std::uint32_t> path_begin_;  // per bucket, and one more at the end
    std::string path_text_;
    std::vector<std::uint32_t> checks_begin_;  // per bucket, and one more at the end
    std::vector<Check> checks_;
    std::string check_text_;
    std::vector<ImageSet> image_sets_;
    void add_images(const model::ImageSet&);
    void add_sums(const model::ImageSet&, const std::vector<model::ImageSums>&);

    struct ImageFile {
        std::string path;
        std::optional<std::uint64_t> size;
        std::vector<model::Checksum> sums;  // of a file of checksums; else empty
    };
    std::vector<ImageFile> image_files_;
};

/// What one mirror is asked of a plan, and which of it the mirror had last time.
struct Assignment {
    std::shared_ptr<const std::vector<Target>> asked;  // ascending; shared where equal
    std::vector<bool> had;                             // by target
};

/// Works out assignments. One for each plan, which it must not outlive.
class Assigner {
public:
    explicit Assigner(const ProbePlan&);

    Assignment assign(std::span<const model::ContentRow>);  // ARCHIVE: the mirror's rows
    Assignment assign(std::vector<bool> had);               // ARCHIVE: by target, what it had
    Assignment assign(std::span<const model::ImageRow>);    // RELEASE: its whole image sets

    /// ARCHIVE: the target that is a bucket's index; empty: the plan has it not.
    std::optional<Target> target_of(const model::Bucket&) const;

private:
    using Targets = std::vector<Target>;
    struct ByContent {
        bool operator()(const std::shared_ptr<const Targets>& a,
                        const std::shared_ptr<const Targets>& b) const {
            return *a < *b;
        }
    };

    Target find(const model::Bucket&, Target hint) const;
    Assignment share(Targets asked, std::vector<bool> had);

    const ProbePlan& plan_;
    std::vector<Target> by_bucket_;  // sorted by bucket
    std::vector<bool> is_usual_;     // asked whatever the mirror had
    std::set<std::shared_ptr<const Targets>, ByContent> shared_;
};

}  // namespace prober
