#pragma once

#include "model/catalog.hpp"
#include "model/freshness.hpp"
#include "model/publication.hpp"
#include "prober/mirror_probe.hpp"
#include "prober/probe_plan.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace prober::testing {

/// Noon of a day of no importance.
inline constexpr model::Timestamp example_time{
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours(12)};

/// "tiny": one current series "new" (component main; amd64, and riscv64 which is
/// unofficial), one obsolete "old" (main; amd64); only the RELEASE pocket.
inline model::Distribution tiny_distribution() {
    model::Distribution tiny;
    tiny.name = "tiny";
    tiny.freshness_rule = model::FreshnessRule::window;
    tiny.pockets = {model::Pocket::release};
    model::Series current;
    current.name = "new";
    current.version = "2";
    current.status = model::SeriesStatus::current;
    current.components = {"main"};
    current.architectures = {"amd64"};
    current.unofficial_architectures = {"riscv64"};
    model::Series obsolete;
    obsolete.name = "old";
    obsolete.version = "1";
    obsolete.status = model::SeriesStatus::obsolete;
    obsolete.components = {"main"};
    obsolete.architectures = {"amd64"};
    tiny.series = {current, obsolete};
    return tiny;
}

inline model::Bucket tiny_bucket(const std::string& series, const std::string& architecture) {
    return {.series = series,
            .pocket = model::Pocket::release,
            .component = "main",
            .architecture = architecture};
}

/// A file of "new main amd64", published so long before `example_time`.
inline model::Publication tiny_publication(const std::string& version, std::chrono::minutes age) {
    model::Publication publication;
    publication.distribution = "tiny";
    publication.bucket = tiny_bucket("new", "amd64");
    publication.source = "hello";
    publication.version = version;
    publication.file = "hello_" + version + "_amd64.deb";
    publication.file_type = model::FileType::deb;
    publication.published = example_time - age;
    return publication;
}

/// Whether ours is told apart by name alone.
inline MirrorTask task(std::string name, std::string base_url,
                       std::shared_ptr<const ProbePlan> plan, Assignment assignment) {
    return {.mirror = {},
            .name = std::move(name),
            .base_url = std::move(base_url),
            .plan = std::move(plan),
            .assignment = std::move(assignment)};
}

}  // namespace prober::testing
