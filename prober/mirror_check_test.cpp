#include "prober/mirror_check.hpp"

#include "prober/testing/tiny_mirror.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace prober::testing::tiny_mirror;
using model::Integrity;

TEST_CASE("a suite of a mirror is judged by what apt would check", "[prober][mirror_check]") {
    using Change = std::function<void(ScriptedHttpClient&)>;
    const auto [why, change, integrity,
                rules] = GENERATE(table<std::string, Change, Integrity, std::vector<std::string>>({
        {"all is as the Release says", [](auto&) {}, Integrity::whole, {}},
        {"another size", [](auto& mirror) { mirror.ok_with_length(suite + packages, 13); },
         Integrity::torn, {"torn-index"}},
        {"a server that says of every HEAD that there is nothing", [](auto& mirror) { mirror.file(suite + packages, files.front().second).ok_with_length(suite + packages, 0); },
         Integrity::whole, {}},
        {"an index that a full disk left empty", [](auto& mirror) { mirror.file(suite + packages, "").ok_with_length(suite + packages, 0); },
         Integrity::torn, {"torn-index"}},
        {"an index is gone", [](auto& mirror) { mirror.answer(suite + packages, {.kind = OutcomeKind::http_status, .status = 404}); },
         Integrity::torn, {"index-missing"}},
        {"a server that says no size says nothing", [](auto& mirror) { mirror.ok_without_length(suite + packages); },
         Integrity::whole, {}},
        {"Release and Release.gpg serve as well",
         [](auto& mirror) {
             mirror.answer(suite + "InRelease", {.kind = OutcomeKind::http_status, .status = 404});
             mirror.file(suite + "Release", release_text(example_time - 2h, files));
             mirror.file(suite + "Release.gpg", "\ngood\n");
         },
         Integrity::whole, {}},
        {"Release and Release.gpg serve as well where ftp says that InRelease is not there",
         [](auto& mirror) {
             mirror.answer(suite + "InRelease", {.kind = OutcomeKind::http_status, .status = 550});
             mirror.file(suite + "Release", release_text(example_time - 2h, files));
             mirror.file(suite + "Release.gpg", "\ngood\n");
         },
         Integrity::whole, {}},
        {"a Release that nobody signed",
         [](auto& mirror) {
             mirror.answer(suite + "InRelease", {.kind = OutcomeKind::http_status, .status = 404});
             mirror.file(suite + "Release", release_text(example_time - 2h, files));
         },
         Integrity::bad_signature, {"unsigned"}},
        {"a key that nobody knows",
         [](auto& mirror) {
             mirror.file(suite + "InRelease",
                         clear_signed(release_text(example_time - 2h, files), "mine"));
         },
         Integrity::bad_signature, {"unknown-key"}},
        {"no Release at all",
         [](auto& mirror) { mirror.answer(suite + "InRelease", {.kind = OutcomeKind::http_status, .status = 404}); },
         Integrity::missing, {"release-missing"}},
        {"nobody answers", [](auto& mirror) { mirror.answer(suite + "InRelease", refused); },
         Integrity::unknown, {"release-unanswered"}},
        {"nobody says a word", [](auto& mirror) { mirror.answer(suite + "InRelease", {.kind = OutcomeKind::timeout_response}); },
         Integrity::unknown, {"no-answer"}},
        {"a host that others had waited for in vain", [](auto& mirror) { mirror.answer_else(skipped).answer(suite + "InRelease", skipped); },
         Integrity::unknown, {"no-answer"}},
        {"the Valid-Until has passed",
         [](auto& mirror) {
             mirror.file(suite + "InRelease",
                         in_release("Valid-Until: Sun, 01 Mar 2026 11:00:00 UTC\n"));
         },
         Integrity::expired, {"release-expired"}},
        {"of another distribution",
         [](auto& mirror) {
             auto text = release_text(example_time - 2h, files);
             text.replace(text.find("Tiny"), 4, "Huge");
             mirror.file(suite + "InRelease", clear_signed(text));
         },
         Integrity::foreign, {"foreign-release"}},
        {"no Release, but something else",
         [](auto& mirror) { mirror.file(suite + "InRelease", "Hello."); },
         Integrity::bad_signature,
         {"release-unreadable", "unsigned"}},
        {"a sync that is under way and has left all as it was",
         [](auto& mirror) {
             mirror.file(marker, {.body = "", .etag = {}, .last_modified = "Sun, 01 Mar 2026 12:00:00 GMT", .is_web_page = false});
         },
         Integrity::syncing, {"syncing"}},
    }));
    CAPTURE(why);
    auto mirror = whole_mirror();
    change(mirror);

    const auto checked = check(mirror, tiny_check());

    REQUIRE(checked.observation.suites.size() == 1);
    CHECK(to_string(checked.observation.suites.front().integrity) == to_string(integrity));
    CHECK(rules_of(checked.observation) == rules);
    CHECK_FALSE(checked.was_cancelled);
}

TEST_CASE("a host that answers 200 to everything is no archive", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.answer_else(ok);

    const auto checked = check(mirror, tiny_check());

    CHECK(checked.observation.suites.front().integrity == Integrity::not_an_archive);
    CHECK(rules_of(checked.observation).front() == "not-an-archive");
}

TEST_CASE("one lucky answer makes nobody a parked domain", "[prober][mirror_check]") {
    const auto url = GENERATE(base + nonsense, std::string("http://mirror.example/no-such-file-2"));
    CAPTURE(url);
    auto mirror = whole_mirror();
    mirror.ok(url);

    const auto checked = check(mirror, tiny_check());

    CHECK(checked.observation.suites.front().integrity == Integrity::whole);
}

TEST_CASE("a web page in place of an index is told from an index", "[prober][mirror_check]") {
    const auto [why, size, integrity] = GENERATE(table<std::string, std::string, Integrity>({
        {"a page", "<html>We are sorry", Integrity::not_an_archive},
        {"the index, whatever the server calls it", files.front().second, Integrity::whole},
    }));
    CAPTURE(why);
    auto mirror = whole_mirror();
    mirror.ok_without_length(suite + packages);
    mirror.file(suite + packages,
                {.body = size, .etag = {}, .last_modified = {}, .is_web_page = true});

    const auto checked = check(mirror, tiny_check());

    CHECK(to_string(checked.observation.suites.front().integrity) == to_string(integrity));
}

TEST_CASE("what did not fit is asked for again before it is called torn",
          "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.ok_with_length(suite + packages, 13);

    check(mirror, tiny_check());

    CHECK(times_asked(mirror, suite + "InRelease") == 2);
    CHECK(times_asked(mirror, suite + packages) == 2);
    CHECK(times_asked(mirror, suite + sources) == 1);
}

TEST_CASE("a mirror that syncs while we look is not torn for that", "[prober][mirror_check]") {
    const auto [why, size_then, integrity] = GENERATE(table<std::string, std::size_t, Integrity>({
        {"the new Release names the new index", 16, Integrity::whole},
        {"more of it is still to come: no time to say torn", 17, Integrity::syncing},
    }));
    CAPTURE(why);
    auto mirror = whole_mirror();
    mirror.ok_with_length(suite + packages, size_then);
    // The new Release arrives when the index has been answered once.
    mirror.on_request([&mirror](const std::string& url) {
        if (url == suite + packages) {
            mirror.file(suite + "InRelease", clear_signed(release_text(
                                                 example_time - 1h, {{packages, "the new packages"},
                                                                     {sources, "the sources"}})));
        }
    });

    const auto checked = check(mirror, tiny_check());

    const auto& state = checked.observation.suites.front();
    CHECK(to_string(state.integrity) == to_string(integrity));
    CHECK_FALSE(state.is_whole_check);
    REQUIRE(state.release_date.has_value());
    CHECK(*state.release_date == example_time - 1h);
}

TEST_CASE("only what was wished for is asked", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    auto what = tiny_check();
    what.wish.architectures = {"source"};

    const auto checked = check(mirror, what);

    CHECK(mirror.was_asked(suite + sources));
    CHECK_FALSE(mirror.was_asked(suite + packages));
    CHECK(checked.observation.suites.front().integrity == Integrity::whole);
}

TEST_CASE("a suite with endless indexes is asked for some, and says so", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    auto what = tiny_check();
    what.indexes_max = 1;

    const auto checked = check(mirror, what);

    CHECK_FALSE(mirror.was_asked(suite + sources));
    CHECK_FALSE(checked.observation.suites.front().is_whole_check);
}

TEST_CASE("apt does without a form of an index that it has in another one",
          "[prober][mirror_check]") {
    const std::string packages_xz = "main/binary-amd64/Packages.xz";
    auto mirror = whole_mirror();
    mirror.file(suite + "InRelease",
                clear_signed(release_text(example_time - 2h, {{packages, "the packages"},
                                                              {packages_xz, "packages"},
                                                              {sources, "the sources"}})));

    SECTION("one of the two is there") {
        const auto checked = check(mirror, tiny_check());

        CHECK(mirror.was_asked(suite + packages_xz));
        CHECK(checked.observation.suites.front().integrity == Integrity::whole);
    }
    SECTION("neither is") {
        mirror.answer(suite + packages, {.kind = OutcomeKind::http_status, .status = 404});

        const auto checked = check(mirror, tiny_check());

        CHECK(checked.observation.suites.front().integrity == Integrity::torn);
    }
}

TEST_CASE("what was published by the primary tells how far a mirror is behind",
          "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    auto what = tiny_check();
    auto plan = std::make_shared<prober::LookPlan>(*what.look.plan);
    model::Snapshot newer;
    newer.suite = "new";
    newer.date = example_time - 1h;
    newer.text_sha256 = prober::sha256_of("newer");
    model::Snapshot theirs = newer;
    theirs.date = example_time - 2h;
    theirs.text_sha256 = prober::sha256_of(release_text(example_time - 2h, files));
    plan->suites.front().known = {newer, theirs};
    what.look.plan = plan;

    const auto checked = check(mirror, what);

    const auto& lag = checked.observation.suites.front().lag;
    REQUIRE(lag.has_value());
    CHECK(lag->behind == 1h);
    CHECK_FALSE(lag->is_estimated);
}
