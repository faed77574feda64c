#include "model/choose_mirrors.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

using model::Candidate;
using model::choose_mirrors;
using model::ChooseOptions;
using model::Content;
using model::DisabledBy;
using model::StoredProbe;
using model::Timestamp;

using namespace std::chrono_literals;

namespace {

const Timestamp now = std::chrono::sys_days{2026y / 11 / 21} + 5h;

Candidate candidate(const std::string& name, Content content = Content::archive) {
    Candidate one;
    one.mirror.mirror.name = name;
    one.mirror.mirror.content = content;
    one.mirror.mirror.http_url = "http://" + name + ".example/";
    return one;
}

Candidate probed(const std::string& name, Timestamp started) {
    Candidate one = candidate(name);
    one.last_probe = StoredProbe{};
    one.last_probe->record.started = started;
    one.last_probe->record.finished = started + 1h;
    return one;
}

std::vector<std::string> names(const model::ChosenMirrors& chosen) {
    std::vector<std::string> all;
    for (const auto& mirror : chosen.mirrors) {
        all.push_back(mirror.mirror.name);
    }
    return all;
}

using Names = std::vector<std::string>;

ChooseOptions of_content(Content content) {
    ChooseOptions options;
    options.content = content;
    return options;
}

ChooseOptions only(const Names& mirrors) {
    ChooseOptions options;
    options.names = mirrors;
    return options;
}

ChooseOptions at_most(std::size_t mirrors_max) {
    ChooseOptions options;
    options.mirrors_max = mirrors_max;
    return options;
}

ChooseOptions forced() {
    ChooseOptions options;
    options.force = true;
    return options;
}

ChooseOptions requested() {
    ChooseOptions options;
    options.only_requested = true;
    return options;
}

Candidate asked_for(Candidate one) {
    one.is_requested = true;
    return one;
}

/// The user's own mirrors.
std::vector<Candidate> users_mirrors() {
    return {candidate("valid-mirror"), candidate("invalid-mirror", Content::release),
            candidate("unreachable-mirror", Content::release), candidate("archive-404-mirror")};
}

}  // namespace

TEST_CASE("the user's mirrors are chosen as they expect", "[model][choose_mirrors]") {
    auto candidates = users_mirrors();

    CHECK(names(choose_mirrors(candidates, {}, now)) ==
          Names{"archive-404-mirror", "valid-mirror"});

    candidates.front() = probed("valid-mirror", now);
    CHECK(names(choose_mirrors(candidates, {}, now)) == Names{"archive-404-mirror"});

    candidates.front().last_probe.reset();
    CHECK(names(choose_mirrors(candidates, {}, now)) ==
          Names{"archive-404-mirror", "valid-mirror"});

    const auto release = choose_mirrors(candidates, of_content(Content::release), now);
    CHECK(names(release) == Names{"invalid-mirror", "unreachable-mirror"});
    CHECK(release.warnings.empty());
}

TEST_CASE("a mirror is due a day after its last probe began", "[model][choose_mirrors]") {
    const auto [age, is_due, why] = GENERATE(table<std::chrono::microseconds, bool, std::string>({
        {0h, false, "just now"},
        {23h - 1us, false, "not yet"},
        {23h, false, "23 hours are not older than 23 hours"},
        {23h + 1us, true, "older"},
        {24h - 5s, true, "a run at the same time each day finds it"},
        {9000h, true, "long ago"},
        {-1h, false, "a clock that was set back"},
        {-23h, false, "it will be due in two days"},
        {-23h - 1us, true, "a clock that was far ahead must not spare a mirror until then"},
        {-9000h, true, "nor for a year"},
    }));
    CAPTURE(why);

    const auto chosen = choose_mirrors({probed("m", now - age)}, {}, now);

    CHECK(chosen.mirrors.size() == (is_due ? 1 : 0));
    CHECK(chosen.warnings.empty());
}

TEST_CASE("a probe that nothing was decided from is repeated at once", "[model][choose_mirrors]") {
    Candidate undecided = probed("m", now - 1min);
    undecided.last_probe->record.decided = false;

    CHECK(names(choose_mirrors({undecided}, {}, now)) == Names{"m"});
}

TEST_CASE("only what is enabled, or may come back, is probed", "[model][choose_mirrors]") {
    const auto [enabled, disabled_by, is_chosen, why] =
        GENERATE(table<bool, DisabledBy, bool, std::string>({
            {true, DisabledBy::nobody, true, "enabled"},
            {true, DisabledBy::prober, true, "enabled again"},
            {false, DisabledBy::prober, true, "so that it can recover"},
            {false, DisabledBy::admin, false, "an admin's word stands"},
            {false, DisabledBy::nobody, false, "added as disabled"},
        }));
    CAPTURE(why);
    Candidate one = candidate("m");
    one.mirror.state.enabled = enabled;
    one.mirror.state.disabled_by = disabled_by;

    const auto chosen = choose_mirrors({one}, {}, now);

    CHECK(chosen.mirrors.size() == (is_chosen ? 1 : 0));
    CHECK(chosen.warnings.empty());
}

TEST_CASE("the longest unprobed mirrors come first", "[model][choose_mirrors]") {
    const std::vector<Candidate> candidates = {probed("day", now - 25h), candidate("never-b"),
                                               probed("week-b", now - 168h), candidate("never-a"),
                                               probed("week-a", now - 168h)};

    const auto all = choose_mirrors(candidates, {}, now);
    const auto three = choose_mirrors(candidates, at_most(3), now);
    const auto none = choose_mirrors(candidates, at_most(0), now);
    const auto many = choose_mirrors(candidates, at_most(50), now);

    CHECK(names(all) == Names{"never-a", "never-b", "week-a", "week-b", "day"});
    CHECK(names(three) == Names{"never-a", "never-b", "week-a"});
    CHECK(names(none).empty());
    CHECK(names(many) == names(all));
}

TEST_CASE("force ignores the age and nothing else", "[model][choose_mirrors]") {
    Candidate off = candidate("off");
    off.mirror.state.enabled = false;
    off.mirror.state.disabled_by = DisabledBy::admin;
    const std::vector<Candidate> candidates = {probed("recent", now), off,
                                               candidate("images", Content::release)};

    CHECK(names(choose_mirrors(candidates, forced(), now)) == Names{"recent"});
}

TEST_CASE("named mirrors are probed, and it is said why one is not", "[model][choose_mirrors]") {
    Candidate off = candidate("off");
    off.mirror.state.enabled = false;
    off.mirror.state.disabled_by = DisabledBy::admin;
    Candidate addressless = candidate("addressless");
    addressless.mirror.mirror.http_url.clear();
    addressless.mirror.mirror.rsync_url = "rsync://addressless.example/debian/";
    const std::vector<Candidate> candidates = {candidate("fine"),
                                               candidate("other"),
                                               probed("recent", now - 3h),
                                               off,
                                               candidate("images", Content::release),
                                               addressless};
    const auto [name, expected] = GENERATE(table<std::string, std::string>({
        {"fine", ""},
        {"recent",
         "Skipped recent: its last probe, of 2026-11-21T02:00:00Z, is not older than 23 hours; "
         "`--force` probes it anyway."},
        {"off",
         "Skipped off: it was disabled by hand; `mirrorwarden mirror enable off` lets it be "
         "probed again."},
        {"images",
         "Skipped images: its content is RELEASE, and this run probes ARCHIVE; use `--content "
         "RELEASE`."},
        {"addressless",
         "Skipped addressless: it has no http, https or ftp URL; add one with `mirrorwarden "
         "mirror edit addressless`."},
        {"nobody", "Skipped nobody: there is no such mirror; see `mirrorwarden mirror list`."},
    }));
    CAPTURE(name);

    const auto chosen = choose_mirrors(candidates, only({name}), now);

    if (expected.empty()) {
        CHECK(names(chosen) == Names{name});
        CHECK(chosen.warnings.empty());
    } else {
        CHECK(chosen.mirrors.empty());
        CHECK(chosen.warnings == Names{expected});
    }
}

TEST_CASE("a mirror without a URL to probe is always warned of", "[model][choose_mirrors]") {
    Candidate addressless = candidate("addressless");
    addressless.mirror.mirror.http_url.clear();

    const auto chosen = choose_mirrors({addressless, candidate("fine")}, {}, now);

    CHECK(names(chosen) == Names{"fine"});
    CHECK(chosen.warnings.size() == 1);
}

TEST_CASE("a mirror named twice is probed once", "[model][choose_mirrors]") {
    CHECK(names(choose_mirrors({candidate("m")}, only({"m", "m"}), now)) == Names{"m"});
}

TEST_CASE("a mirror whose probe was asked for is due, and alone where only those are wanted",
          "[model][choose_mirrors]") {
    Candidate off = asked_for(candidate("off"));
    off.mirror.state.enabled = false;
    off.mirror.state.disabled_by = DisabledBy::admin;
    const std::vector<Candidate> all = {probed("fresh", now - 1h),
                                        asked_for(probed("asked", now - 1h)),
                                        probed("old", now - 25h),
                                        candidate("never"),
                                        asked_for(candidate("images", Content::release)),
                                        off};

    CHECK(names(choose_mirrors(all, {}, now)) == Names{"never", "old", "asked"});
    CHECK(names(choose_mirrors(all, requested(), now)) == Names{"asked"});
}
