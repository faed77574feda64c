#include "prober/probe_plan.hpp"

#include "prober/testing/example_plan.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;
using prober::Assigner;
using prober::ProbePlan;

namespace {

std::vector<std::string> asked_paths(const ProbePlan& plan, const prober::Assignment& assignment) {
    std::vector<std::string> paths;
    for (const auto target : *assignment.asked) {
        paths.emplace_back(plan.path(target));
    }
    return paths;
}

const std::string new_amd64 = "dists/new/main/binary-amd64/Packages.gz";
const std::string new_riscv64 = "dists/new/main/binary-riscv64/Packages.gz";
const std::string new_source = "dists/new/main/source/Sources.gz";
const std::string old_amd64 = "dists/old/main/binary-amd64/Packages.gz";

}  // namespace

TEST_CASE("a mirror is asked for old content only where it had it", "[prober][probe_plan]") {
    const auto plan = ProbePlan::for_archive(tiny_distribution(), {}, example_time);
    Assigner assigner(plan);

    const auto fresh = assigner.assign(std::vector<model::ContentRow>{});
    const std::vector<model::ContentRow> rows = {{tiny_bucket("new", "riscv64")},
                                                 {tiny_bucket("old", "amd64")},
                                                 {tiny_bucket("gone", "amd64")}};
    const auto watched = assigner.assign(rows);

    CHECK(asked_paths(plan, fresh) == std::vector{new_amd64, new_source});
    CHECK(asked_paths(plan, watched) == std::vector{new_amd64, new_riscv64, new_source, old_amd64});
}

TEST_CASE("a mirror's rows are found in whatever order they come", "[prober][probe_plan]") {
    const auto plan = ProbePlan::for_archive(tiny_distribution(), {}, example_time);
    Assigner assigner(plan);
    const std::vector<model::ContentRow> rows = {{tiny_bucket("old", "amd64")},
                                                 {tiny_bucket("new", "source")},
                                                 {tiny_bucket("new", "amd64")}};

    const auto assignment = assigner.assign(rows);

    std::vector<std::string> had;
    for (prober::Target target = 0; target < plan.target_count(); ++target) {
        if (assignment.had[target]) {
            had.emplace_back(plan.path(target));
        }
    }
    CHECK(had == std::vector{new_amd64, new_source, old_amd64});
}

TEST_CASE("mirrors that are asked the same share the list", "[prober][probe_plan]") {
    const auto plan = ProbePlan::for_archive(tiny_distribution(), {}, example_time);
    Assigner assigner(plan);
    const std::vector<model::ContentRow> usual = {{tiny_bucket("new", "amd64")}};
    const std::vector<model::ContentRow> old = {{tiny_bucket("old", "amd64")}};

    const auto none = assigner.assign(std::vector<model::ContentRow>{});

    CHECK(none.asked == assigner.assign(usual).asked);
    CHECK(none.asked != assigner.assign(old).asked);
    CHECK(assigner.assign(old).asked == assigner.assign(old).asked);
}

TEST_CASE("a bucket's checks come in the order of freshness", "[prober][probe_plan]") {
    const std::vector publications = {tiny_publication("1", 47h), tiny_publication("2", 20h)};
    const auto plan = ProbePlan::for_archive(tiny_distribution(), publications, example_time);

    const auto checks = plan.checks(0);

    REQUIRE(plan.path(0) == new_amd64);
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].freshness == model::Freshness::one_day_behind);
    CHECK(plan.check_path(checks[0]) == "pool/main/h/hello/hello_2_amd64.deb");
    CHECK(checks[1].freshness == model::Freshness::two_days_behind);
    CHECK(plan.check_path(checks[1]) == "pool/main/h/hello/hello_1_amd64.deb");
    for (prober::Target target = 1; target < plan.target_count(); ++target) {
        CHECK(plan.checks(target).empty());
    }
}

TEST_CASE("a CD mirror is asked for every file of every set", "[prober][probe_plan]") {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"new/a.iso", "new/b.iso"}},
                                     {.flavour = "empty", .files = {}}};
    distribution.series[1].images = {{.flavour = "desktop", .files = {"old/a.iso"}}};
    const auto plan = ProbePlan::for_release(distribution, {});
    Assigner assigner(plan);
    const std::vector<model::ImageRow> had_old = {{.series = "old", .flavour = "desktop"}};

    CHECK(asked_paths(plan, assigner.assign(std::vector<model::ImageRow>{})) ==
          std::vector<std::string>{"new/a.iso", "new/b.iso"});
    CHECK(asked_paths(plan, assigner.assign(had_old)) ==
          std::vector<std::string>{"new/a.iso", "new/b.iso", "old/a.iso"});
    CHECK(plan.image_sets().size() == 2);
}
