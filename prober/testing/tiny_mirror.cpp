#include "prober/testing/tiny_mirror.hpp"

#include "prober/testing/run.hpp"

#include <algorithm>
#include <memory>

namespace prober::testing::tiny_mirror {

std::string in_release(const std::string& more_fields) {
    return clear_signed(release_text(example_time - 2h, files, more_fields));
}

ScriptedHttpClient whole_mirror() {
    ScriptedHttpClient client;
    client.file(suite + "InRelease", in_release());
    for (const auto& [path, content] : files) {
        client.ok_with_length(suite + path, content.size());
    }
    return client;
}

prober::MirrorCheck tiny_check() {
    auto plan = std::make_shared<prober::LookPlan>();
    plan->suites.push_back(
        {.suite = "new", .names = {.origin = "Tiny", .codename = "new", .suite = {}}, .known = {}});
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

prober::CheckedMirror check(ScriptedHttpClient& client, prober::MirrorCheck what) {
    return run(prober::check_mirror(client, std::move(what)));
}

std::vector<std::string> rules_of(const model::Observation& observation) {
    std::vector<std::string> rules;
    for (const auto& finding : observation.findings) {
        rules.push_back(finding.rule);
    }
    return rules;
}

std::size_t times_asked(const ScriptedHttpClient& client, const std::string& url) {
    return static_cast<std::size_t>(std::ranges::count(client.asked(), url));
}

}  // namespace prober::testing::tiny_mirror
