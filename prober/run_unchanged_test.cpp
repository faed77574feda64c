#include "prober/testing/looked_at_run.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace std::chrono_literals;

namespace {

const std::string in_release = tiny_suite + "InRelease";
const std::string of_this_morning = "Sun, 01 Mar 2026 08:00:00 GMT";
const std::string noon = "Sun, 01 Mar 2026 12:00:00 GMT";

std::string release_of(std::chrono::hours age, const std::string& more_fields = {}) {
    return clear_signed(release_text(
        example_time - age, {{tiny_packages, "the packages"}, {tiny_sources, "the sources"}},
        more_fields));
}

/// A mirror whose InRelease has validators.
ScriptedHttpClient tagged_mirror(const std::string& text, const std::string& etag = "\"one\"") {
    auto mirror = whole_mirror();
    mirror.file(in_release,
                {.body = text, .etag = etag, .last_modified = of_this_morning, .date = noon});
    return mirror;
}

/// The next probe, which knows the Release that the last one found, as the primary's.
prober::MirrorTask task_after(const Probed& last, const std::string& text) {
    auto made = looked_at();
    auto read = std::make_shared<prober::ReadRelease>();
    read->sha256 = prober::sha256_of(text);
    read->text_sha256 = last.observation().suites.front().text_sha256;
    const auto begin = text.find("Origin:");
    read->release =
        *model::parse_release(text.substr(begin, text.find("-----BEGIN PGP SIGNATURE") - begin));
    auto plan = std::make_shared<prober::LookPlan>(*made.look->plan);
    plan->suites.front().known.push_back({.suite = "new",
                                          .sha256 = read->sha256,
                                          .text_sha256 = read->text_sha256.value(),
                                          .date = read->release->date,
                                          .valid_until = read->release->valid_until,
                                          .first_seen = example_time,
                                          .entries = {}});
    made.look->plan = std::move(plan);
    const auto& validators = last.observation().suites.front().validators;
    REQUIRE(validators.has_value());
    made.look->had = {prober::ReleaseHad{.validators = *validators, .release = std::move(read)},
                      std::nullopt};
    return made;
}

/// The conditions of the first question for InRelease.
std::pair<std::string, std::string> conditions_of(const ScriptedHttpClient& mirror) {
    const auto get = std::ranges::find(mirror.gets(), in_release, &prober::GetRequest::url);
    REQUIRE(get != mirror.gets().end());
    return {get->if_none_match, get->if_modified_since};
}

}  // namespace

TEST_CASE("a Release that did not change is judged as if it had been sent again",
          "[prober][run_unchanged]") {
    const auto text = release_of(2h);
    auto mirror = tagged_mirror(text);
    const auto first = probe(mirror, looked_at());
    CHECK(conditions_of(mirror) == std::pair<std::string, std::string>{});
    const auto& before = first.observation().suites.front();
    CHECK(before.validators ==
          model::ReleaseValidators{in_release, "\"one\"", of_this_morning, example_time});
    auto same = tagged_mirror(text);

    const auto second = probe(same, task_after(first, text), 2, example_time + 1h);

    CHECK(conditions_of(same) == std::pair<std::string, std::string>{"\"one\"", of_this_morning});
    CHECK(times_asked(same, in_release) == 1);
    const auto& state = second.observation().suites.front();
    CHECK(to_string(state.integrity) == "whole");
    CHECK(state.text_sha256 == before.text_sha256);
    CHECK(state.release_date == before.release_date);
    CHECK(state.is_whole_check);
    REQUIRE(state.lag.has_value());
    CHECK(state.lag->behind == 0s);
    CHECK(second.observation().findings.empty());
    CHECK(second.results.front().rows.size() == 2);
    // When it was received, not when it was said to be the same.
    CHECK(state.validators == before.validators);
}

TEST_CASE("what expired meanwhile is expired, though it did not change",
          "[prober][run_unchanged]") {
    const auto text = release_of(2h, "Valid-Until: Sun, 01 Mar 2026 14:00:00 UTC\n");
    auto mirror = tagged_mirror(text);
    const auto first = probe(mirror, looked_at());
    CHECK(to_string(first.observation().suites.front().integrity) == "whole");

    const auto later = probe(mirror, task_after(first, text), 2, example_time + 3h);

    CHECK(to_string(later.observation().suites.front().integrity) == "expired");
    CHECK_FALSE(later.observation().suites.front().validators.has_value());
}

TEST_CASE("a Release that did change is read", "[prober][run_unchanged]") {
    const auto text = release_of(2h);
    auto mirror = tagged_mirror(text);
    const auto first = probe(mirror, looked_at());
    auto newer = tagged_mirror(release_of(1h), "\"two\"");

    const auto second = probe(newer, task_after(first, text), 2, example_time + 1h);

    const auto& state = second.observation().suites.front();
    CHECK(state.release_date == example_time - 1h);
    REQUIRE(state.validators.has_value());
    CHECK(state.validators->etag == "\"two\"");
    CHECK(state.validators->fetched == example_time + 1h);
}

TEST_CASE("a server that wrongly says that nothing changed is asked for the file itself",
          "[prober][run_unchanged]") {
    const auto text = release_of(2h);
    auto mirror = tagged_mirror(text);
    const auto first = probe(mirror, looked_at());
    auto lying = tagged_mirror(release_of(1h));  // with the old tag
    lying.ok_with_length(tiny_suite + tiny_packages, 13);

    const auto second = probe(lying, task_after(first, text), 2, example_time + 1h);

    CHECK(times_asked(lying, in_release) == 2);
    CHECK(lying.gets().back().if_none_match.empty());
    CHECK(second.observation().suites.front().release_date == example_time - 1h);
}

TEST_CASE("who was not asked a condition may not say that nothing changed",
          "[prober][run_unchanged]") {
    auto mirror = whole_mirror();
    mirror.answer(in_release, {.kind = model::OutcomeKind::http_status, .status = 304});

    const auto probed = probe(mirror, looked_at());

    CHECK(to_string(probed.observation().suites.front().integrity) == "unknown");
}

TEST_CASE("no condition is made of what belongs to another URL", "[prober][run_unchanged]") {
    const auto text = release_of(2h);
    auto mirror = tagged_mirror(text);
    const auto first = probe(mirror, looked_at());
    auto task = task_after(first, text);
    task.look->had[0]->validators.url = "http://old.example/tiny/dists/new/InRelease";

    probe(mirror, std::move(task), 2, example_time + 1h);

    const auto gets = mirror.gets();
    CHECK(std::ranges::all_of(gets, [](const auto& get) { return get.if_none_match.empty(); }));
}
