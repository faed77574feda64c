#pragma once

#include "prober/mirror_check.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "prober/testing/tiny_release.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// A mirror of one small suite, and a check of it.
namespace prober::testing::tiny_mirror {

using namespace std::chrono_literals;
using model::OutcomeKind;

inline const std::string base = "http://mirror.example/tiny/";
inline const std::string suite = base + "dists/new/";
inline const std::string packages = "main/binary-amd64/Packages.gz";
inline const std::string sources = "main/source/Sources.gz";
inline const std::string nonsense = "no-such-file-1";
inline const std::string marker = base + "Archive-Update-in-Progress-mirror.example";

inline constexpr model::Outcome ok{.kind = OutcomeKind::ok};
inline constexpr model::Outcome refused{.kind = OutcomeKind::refused};
inline constexpr model::Outcome skipped{.kind = OutcomeKind::skipped};
inline constexpr model::Outcome cancelled{.kind = OutcomeKind::cancelled};

/// What the suite consists of, as its Release says.
inline const std::vector<std::pair<std::string, std::string>> files = {{packages, "the packages"},
                                                                       {sources, "the sources"}};

inline std::string in_release(const std::string& more_fields = {}) {
    return clear_signed(release_text(example_time - 2h, files, more_fields));
}

/// A mirror that has everything.
inline ScriptedHttpClient whole_mirror() {
    ScriptedHttpClient client;
    client.file(suite + "InRelease", in_release());
    for (const auto& [path, content] : files) {
        client.ok_with_length(suite + path, content.size());
    }
    return client;
}

inline prober::MirrorCheck tiny_check() {
    auto plan = std::make_shared<prober::LookPlan>();
    plan->suites.push_back({.suite = "new", .origin = "Tiny", .codename = "new", .known = {}});
    plan->sync_grace = 6h;
    plan->has_history = false;
    return {.look = {.base_url = base,
                     .plan = std::move(plan),
                     .library =
                         std::make_shared<prober::ReleaseLibrary>(prober::ReleaseLibrary::Options{
                             .verify = FakeVerifier(), .wants = {}, .unused_max = 10}),
                     .is_asked = {},
                     .torn_since = {},
                     .impossible_names = {nonsense, "/no-such-file-2"}},
            .wish = {},
            .lanes_max = 2,
            .indexes_max = 100,
            .clock = [] { return example_time; }};
}

inline prober::CheckedMirror check(ScriptedHttpClient& client, prober::MirrorCheck what) {
    return run(prober::check_mirror(client, std::move(what)));
}

inline std::vector<std::string> rules_of(const model::Observation& observation) {
    std::vector<std::string> rules;
    for (const auto& finding : observation.findings) {
        rules.push_back(finding.rule);
    }
    return rules;
}

inline std::size_t times_asked(const ScriptedHttpClient& client, const std::string& url) {
    return static_cast<std::size_t>(std::ranges::count(client.asked(), url));
}

}  // namespace prober::testing::tiny_mirror
