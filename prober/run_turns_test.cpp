#include "prober/testing/looked_at_run.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;
using model::Timestamp;

namespace {

const std::string in_release = tiny_suite + "InRelease";
const std::string marker = tiny_base + "Archive-Update-in-Progress-mirror.example";
const std::string deb = tiny_base + "pool/main/h/hello/hello_1_a0.deb";

/// Sixteen architectures, of which the first has a publication.
model::Distribution wide_distribution() {
    auto wide = tiny_distribution();
    wide.series.pop_back();
    wide.series[0].architectures.clear();
    wide.series[0].unofficial_architectures.clear();
    for (int i = 0; i < 16; ++i) {
        wide.series[0].architectures.push_back("a" + std::to_string(i));
    }
    return wide;
}

model::Publication publication_of_a0(const std::string& version) {
    auto publication = tiny_publication(version, 20h);
    publication.bucket.architecture = "a0";
    publication.file = "hello_" + version + "_a0.deb";
    return publication;
}

std::shared_ptr<const prober::ProbePlan> wide_plan(const std::string& version = "1") {
    const std::vector publications = {publication_of_a0(version)};
    return std::make_shared<prober::ProbePlan>(
        prober::ProbePlan::for_archive(wide_distribution(), publications, example_time));
}

std::vector<std::string> all_paths() {
    std::vector<std::string> paths;
    const auto plan = wide_plan();
    for (prober::Target target = 0; target < plan->target_count(); ++target) {
        paths.emplace_back(plan->path(target).substr(std::string("dists/new/").size()));
    }
    return paths;
}

std::string wide_release(Timestamp date, const std::string& more_fields = {}) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& path : all_paths()) {
        files.emplace_back(path, path);  // its content is its name
    }
    return release_text(date, files, more_fields);
}

ScriptedHttpClient wide_mirror(const std::string& more_fields = {}) {
    ScriptedHttpClient mirror;
    mirror.file(in_release, clear_signed(wide_release(example_time - 2h, more_fields))).ok(deb);
    for (const auto& path : all_paths()) {
        mirror.file(tiny_suite + path, path);
    }
    return mirror;
}

prober::MirrorTask wide_task(const std::shared_ptr<const prober::ProbePlan>& plan,
                             const std::vector<model::ContentRow>& rows) {
    auto made = looked_at();
    auto look = std::make_shared<prober::LookPlan>();
    look->suites.push_back({.suite = "new", .names = {}, .known = {}});
    look->sync_grace = 6h;
    made.look->plan = std::move(look);
    made.look->torn_since.clear();
    made.plan = plan;
    made.assignment = prober::Assigner(*plan).assign(rows);
    return made;
}

/// The probe that comes after `last`, as a program plans it.
prober::MirrorTask task_after(const model::ProbeResult& last,
                              const std::shared_ptr<const prober::ProbePlan>& plan = wide_plan()) {
    auto task = wide_task(plan, last.rows);
    const auto& state = last.observation.suites.at(0);
    REQUIRE(state.turns.has_value());
    task.before = {
        prober::SuiteBefore{.text_sha256 = state.text_sha256.value(), .turns = *state.turns}};
    task.last_probe = last.record.started;
    return task;
}

/// The indexes that a mirror was asked for, each once.
std::set<std::string> asked_indexes(const ScriptedHttpClient& mirror) {
    std::set<std::string> asked;
    for (const auto& path : all_paths()) {
        if (mirror.was_asked(tiny_suite + path)) {
            asked.insert(path);
        }
    }
    return asked;
}

model::ProbeResult first_probe(const std::string& more_fields = {}) {
    auto mirror = wide_mirror(more_fields);
    const auto probed = probe(mirror, wide_task(wide_plan(), {}));
    REQUIRE(probed.results.size() == 1);
    return probed.results.front();
}

}  // namespace

TEST_CASE("an unchanged suite is asked for a part, and the rest stands", "[prober][run_turns]") {
    const auto lanes = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{5});
    CAPTURE(lanes);
    const auto first = first_probe();
    CHECK(first.rows.size() == 17);
    CHECK(first.observation.suites.front().is_whole_check);
    auto mirror = wide_mirror();

    const auto probed = probe(mirror, task_after(first), lanes, example_time + 1h);

    REQUIRE(probed.results.size() == 1);
    const auto& second = probed.results.front();
    const auto paths = all_paths();
    CHECK(asked_indexes(mirror) ==
          std::set<std::string>{paths[0], paths[4], paths[8], paths[12], paths[16]});
    CHECK(second.rows == first.rows);
    CHECK(second.record.expected == 17);
    CHECK(second.record.found == 17);
    CHECK(second.record.verdict == model::ProbeVerdict::passed);
    const auto& state = second.observation.suites.front();
    CHECK(to_string(state.integrity) == "whole");
    CHECK_FALSE(state.is_whole_check);
    CHECK(second.observation.findings.empty());
    CHECK(probed.log().find(" of 17 indexes are not asked for: ") != std::string::npos);
}

TEST_CASE("each index has its turn within a day, and a probe a day asks for all",
          "[prober][run_turns]") {
    auto last = first_probe();
    std::set<std::string> asked;
    for (int hour = 1; hour <= 4; ++hour) {
        auto mirror = wide_mirror();
        last = probe(mirror, task_after(last), 2, example_time + std::chrono::hours(hour))
                   .results.at(0);
        const auto part = asked_indexes(mirror);
        CHECK(part.size() <= 5);
        asked.insert(part.begin(), part.end());
    }
    CHECK(asked.size() == 17);

    auto mirror = wide_mirror();
    const auto next_day = probe(mirror, task_after(last), 2, example_time + 28h);
    CHECK(asked_indexes(mirror).size() == 17);
    CHECK(next_day.observation().suites.front().is_whole_check);
}

TEST_CASE("whatever leaves a doubt has all indexes asked for", "[prober][run_turns]") {
    using Change = std::function<void(ScriptedHttpClient&, prober::MirrorTask&)>;
    const auto first = first_probe("Valid-Until: Sun, 01 Mar 2026 14:00:00 UTC\n");
    const auto [why, hours_later, change] = GENERATE_COPY(table<std::string, int, Change>({
        {"the Release has changed", 1,
         [](auto& mirror, auto&) {
             mirror.file(in_release, clear_signed(wide_release(example_time - 1h)));
         }},
        {"the same text, no longer signed by a good key", 1,
         [](auto& mirror, auto&) {
             mirror.file(in_release,
                         clear_signed(wide_release(example_time - 2h,
                                                   "Valid-Until: Sun, 01 Mar 2026 14:00:00 UTC\n"),
                                      "bad"));
         }},
        {"the Release has expired since", 3, [](auto&, auto&) {}},
        {"the Release cannot be had", 1,
         [](auto& mirror, auto&) {
             mirror.answer(in_release, {.kind = model::OutcomeKind::timeout_response});
         }},
        {"a sync is under way", 1, [](auto& mirror, auto&) { mirror.file(marker, ""); }},
        {"another file tells how fresh it is", 1,
         [first](auto& mirror, auto& task) {
             mirror.ok(tiny_base + "pool/main/h/hello/hello_2_a0.deb");
             task = task_after(first, wide_plan("2"));
         }},
        {"a row has gone meanwhile", 1,
         [first](auto&, auto& task) {
             auto rows = first;
             rows.rows.pop_back();
             task = task_after(rows);
         }},
        {"it is another server now", 1,
         [](auto&, auto& task) { task.before[0]->turns.question = {}; }},
        {"nothing is known of the probe before", 1,
         [](auto&, auto& task) { task.before.clear(); }},
    }));
    CAPTURE(why);
    auto mirror = wide_mirror("Valid-Until: Sun, 01 Mar 2026 14:00:00 UTC\n");
    auto task = task_after(first);
    change(mirror, task);

    const auto probed =
        probe(mirror, std::move(task), 2, example_time + std::chrono::hours(hours_later));

    CHECK(asked_indexes(mirror).size() == 17);
    CHECK(probed.results.size() == 1);
}

TEST_CASE("nothing is decided from a part: a surprise has all indexes asked for",
          "[prober][run_turns]") {
    const auto first = first_probe();
    const auto lanes = GENERATE(std::size_t{1}, std::size_t{3});
    const auto url = tiny_suite + all_paths()[4];  // of the first part
    const auto [why, outcome, integrity] =
        GENERATE(table<std::string, model::Outcome, std::string>({
            {"it is gone: perhaps left out on purpose", not_found, "whole"},
            {"it is refused", forbidden, "unknown"},
            {"no answer", {.kind = model::OutcomeKind::timeout_response}, "unknown"},
            {"it is of another size", ok, "syncing"},
        }));
    CAPTURE(why, lanes);
    auto mirror = wide_mirror();
    mirror.ok_with_length(url, 1).answer(url, outcome);

    const auto probed = probe(mirror, task_after(first), lanes, example_time + 1h);

    CHECK(asked_indexes(mirror).size() == 17);
    CHECK(probed.log().find("not as it was: ") != std::string::npos);
    const auto& state = probed.observation().suites.front();
    CHECK(state.is_whole_check);
    CHECK_FALSE(state.turns.has_value());
    CHECK(to_string(state.integrity) == integrity);
    CHECK(probed.results.front().rows.size() == (outcome.is_ok() ? 17 : 16));
}

TEST_CASE("a host that is no archive keeps no row, asked for or not", "[prober][run_turns]") {
    const auto first = first_probe();
    auto two_suites = wide_distribution();
    two_suites.pockets = {model::Pocket::release, model::Pocket::updates};
    const std::vector publications = {publication_of_a0("1")};
    const auto plan = std::make_shared<prober::ProbePlan>(
        prober::ProbePlan::for_archive(two_suites, publications, example_time));
    auto task = task_after(first, plan);
    auto look = std::make_shared<prober::LookPlan>(*task.look->plan);
    look->suites.push_back({.suite = "new-updates", .names = {}, .known = {}});
    task.look->plan = std::move(look);
    task.before.emplace_back();  // whose Release nobody knows
    auto mirror = wide_mirror();
    mirror.file(tiny_base + "dists/new-updates/" + all_paths()[4],
                ScriptedHttpClient::File{.body = "we are sorry", .is_web_page = true});

    const auto probed = probe(mirror, std::move(task), 1, example_time + 1h);

    REQUIRE(probed.results.size() == 1);
    CHECK(probed.results.front().rows.empty());
}

TEST_CASE("a mirror that lost all its indexes has failed, though its Release stayed",
          "[prober][run_turns]") {
    const auto first = first_probe();
    auto mirror = wide_mirror();
    for (const auto& path : all_paths()) {
        mirror.answer(tiny_suite + path, not_found);
    }

    const auto probed = probe(mirror, task_after(first), 2, example_time + 1h);

    CHECK(probed.results.front().rows.empty());
    CHECK(probed.results.front().record.verdict == model::ProbeVerdict::failed);
}

TEST_CASE("a file of the pool that is gone has all indexes asked for", "[prober][run_turns]") {
    auto last = first_probe();
    // By then the part of a0, whose publication it is, has had its turn.
    bool was_seen = false;
    for (int hour = 1; hour <= 4 && !was_seen; ++hour) {
        auto mirror = wide_mirror();
        mirror.answer(deb, not_found);
        last = probe(mirror, task_after(last), 2, example_time + std::chrono::hours(hour))
                   .results.at(0);
        was_seen = !last.observation.suites.front().turns.has_value();
        CHECK(asked_indexes(mirror).size() == (was_seen ? 17U : asked_indexes(mirror).size()));
    }
    CHECK(was_seen);
    const auto row = std::ranges::find(last.rows, std::string("a0"), [](const auto& content) {
        return content.bucket.architecture;
    });
    REQUIRE(row != last.rows.end());
    CHECK((row->freshness == model::Freshness::unknown));
}

TEST_CASE("a suite is never asked for in turns before it was seen at its best",
          "[prober][run_turns]") {
    using Change = std::function<void(ScriptedHttpClient&)>;
    const auto [why, change] = GENERATE(table<std::string, Change>({
        {"an index is missing",
         [](auto& mirror) { mirror.answer(tiny_suite + all_paths().front(), not_found); }},
        {"a stale file", [](auto& mirror) { mirror.answer(deb, not_found); }},
        {"its signature is bad",
         [](auto& mirror) {
             mirror.file(in_release, clear_signed(wide_release(example_time - 2h), "bad"));
         }},
        {"a sync is under way", [](auto& mirror) { mirror.file(marker, ""); }},
    }));
    CAPTURE(why);
    auto mirror = wide_mirror();
    change(mirror);

    const auto probed = probe(mirror, wide_task(wide_plan(), {}));

    CHECK_FALSE(probed.observation().suites.front().turns.has_value());
}

TEST_CASE("a run that ends while a suite waits for its Release has no result",
          "[prober][run_turns]") {
    const auto lanes = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{5});
    const auto at = GENERATE(in_release, marker);
    const auto first = first_probe();
    auto mirror = wide_mirror();
    mirror.on_request([&mirror, at](const std::string& asked) {
        if (asked == at) {
            mirror.cancel();
        }
    });

    const auto probed = probe(mirror, task_after(first), lanes, example_time + 1h);

    CHECK(probed.results.empty());
    REQUIRE(probed.unfinished.size() == 1);
    CHECK(probed.unfinished.front().reason == "the run was ended");
    CHECK(asked_indexes(mirror).empty());
}
