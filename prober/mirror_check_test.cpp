#include "prober/mirror_check.hpp"

#include "prober/testing/example_plan.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "prober/testing/tiny_release.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using model::Integrity;
using model::OutcomeKind;
using prober::testing::clear_signed;
using prober::testing::example_time;
using prober::testing::release_text;
using prober::testing::ScriptedHttpClient;
using namespace std::chrono_literals;

namespace {

const std::string base = "http://mirror.example/tiny/";
const std::string suite = base + "dists/new/";
const std::string packages = "main/binary-amd64/Packages.gz";
const std::string sources = "main/source/Sources.gz";
const std::string nonsense = "no-such-file-1";
const std::string marker = base + "Archive-Update-in-Progress-mirror.example";

constexpr model::Outcome ok{.kind = OutcomeKind::ok};
constexpr model::Outcome refused{.kind = OutcomeKind::refused};
constexpr model::Outcome cancelled{.kind = OutcomeKind::cancelled};

/// What the suite consists of, as its Release says.
const std::vector<std::pair<std::string, std::string>> files = {{packages, "the packages"},
                                                                {sources, "the sources"}};

std::string in_release(const std::string& more_fields = {}) {
    return clear_signed(release_text(example_time - 2h, files, more_fields));
}

/// A mirror that has everything.
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
    plan->suites.push_back({.suite = "new", .origin = "Tiny", .codename = "new", .known = {}});
    plan->sync_grace = 6h;
    plan->has_history = false;
    return {
        .look = {.base_url = base,
                 .plan = std::move(plan),
                 .library =
                     std::make_shared<prober::ReleaseLibrary>(prober::ReleaseLibrary::Options{
                         .verify = prober::testing::FakeVerifier(), .wants = {}, .unused_max = 10}),
                 .is_asked = {},
                 .torn_since = {},
                 .impossible_names = {nonsense, "/no-such-file-2"}},
        .wish = {},
        .lanes_max = 2,
        .indexes_max = 100,
        .clock = [] { return example_time; }};
}

prober::CheckedMirror check(ScriptedHttpClient& client, prober::MirrorCheck what) {
    return prober::testing::run(prober::check_mirror(client, std::move(what)));
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

}  // namespace

TEST_CASE("a suite of a mirror is judged by what apt would check", "[prober][mirror_check]") {
    using Change = std::function<void(ScriptedHttpClient&)>;
    const auto [why, change, integrity,
                rules] = GENERATE(table<std::string, Change, Integrity, std::vector<std::string>>({
        {"all is as the Release says", [](auto&) {}, Integrity::whole, {}},
        {"another size", [](auto& mirror) { mirror.ok_with_length(suite + packages, 13); },
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

TEST_CASE("each address of a mirror is told of by itself", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.addresses(base, {{.address = "192.0.2.7", .outcome = ok},
                            {.address = "2001:db8::7", .outcome = refused}});

    const auto checked = check(mirror, tiny_check());

    CHECK(checked.observation.addresses.size() == 2);
    CHECK(rules_of(checked.observation) == std::vector<std::string>{"ipv6-dead"});
    CHECK(checked.observation.suites.front().integrity == Integrity::whole);
}

TEST_CASE("a network that this machine lacks is no fault of a mirror", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.addresses(
        base, {{.address = "192.0.2.7", .outcome = ok},
               {.address = "2001:db8::7", .outcome = {.kind = OutcomeKind::prober_trouble}}});

    const auto checked = check(mirror, tiny_check());

    CHECK(checked.observation.findings.empty());
}

TEST_CASE("a certificate is looked at over https", "[prober][mirror_check]") {
    model::CertificateState certificate;
    certificate.host = "mirror.example";
    certificate.not_before = example_time - 24h * 80;
    certificate.not_after = example_time + 24h * 10;
    auto mirror = whole_mirror();
    mirror.certificate_of(base, certificate);
    const auto with_scheme = [](std::string url, const std::string& scheme) {
        return scheme + url.substr(url.find(':'));
    };

    const auto over_http = check(mirror, tiny_check());
    auto what = tiny_check();
    what.look.base_url = with_scheme(base, "https");
    ScriptedHttpClient secure;
    secure.file(with_scheme(suite, "https") + "InRelease", in_release());
    for (const auto& [path, content] : files) {
        secure.ok_with_length(with_scheme(suite, "https") + path, content.size());
    }
    secure.certificate_of(base, certificate);
    const auto over_https = check(secure, what);

    CHECK_FALSE(over_http.observation.certificate.has_value());
    CHECK(rules_of(over_https.observation) == std::vector<std::string>{"certificate-ends-soon"});
}

TEST_CASE("what was asked is counted by kind", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.addresses(base, {{.address = "192.0.2.7", .outcome = ok}});

    const auto checked = check(mirror, tiny_check());

    std::vector<std::pair<std::string, std::uint32_t>> costs;
    for (const auto& cost : checked.observation.costs) {
        costs.emplace_back(cost.kind, cost.requests);
    }
    // The name that cannot exist and the InRelease; the marker and two traces.
    CHECK(costs == std::vector<std::pair<std::string, std::uint32_t>>{
                       {"address", 1}, {"index", 2}, {"release", 2}, {"trace", 3}});
    CHECK(checked.requests == 8);
}

TEST_CASE("what a mirror's sync tool says of itself is kept", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.file(base + "project/trace/mirror.example",
                "Sun Mar  1 10:00:00 UTC 2026\nUsed ftpsync version: 20180513\n"
                "Upstream-mirror: up.example\n");

    const auto checked = check(mirror, tiny_check());

    REQUIRE(checked.observation.traces.size() == 1);
    CHECK(checked.observation.traces.front().name == "mirror.example");
    CHECK(checked.observation.traces.front().last_sync == example_time - 2h);
    CHECK(checked.observation.traces.front().upstream == "up.example");
}

TEST_CASE("a check that was cut off says so", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    mirror.answer(suite + sources, cancelled);

    CHECK(check(mirror, tiny_check()).was_cancelled);
}

TEST_CASE("a deep check fetches what has the right size", "[prober][mirror_check]") {
    auto client = whole_mirror();
    for (const auto& [path, content] : files) {
        client.file(suite + path, content);
    }
    client.file(suite + packages, "the pAckages");
    auto deep = tiny_check();
    deep.deep = prober::DeepLimits{.small_bytes_max = 1'000,
                                   .large_bytes_max = 1'000,
                                   .inflated_bytes_max = 1'000,
                                   .indexes_max = 100,
                                   .indexes_bytes_max = 10'000,
                                   .pool_files_max = 1,
                                   .pool_bytes_max = 1'000};

    const auto shallow = check(client, tiny_check()).observation;
    const auto observation = check(client, std::move(deep)).observation;

    CHECK(rules_of(shallow).empty());
    CHECK_FALSE(shallow.is_deep);
    CHECK(rules_of(observation) == std::vector<std::string>{"index-wrong-hash"});
    CHECK(observation.findings.at(0).request == "GET " + suite + packages);
    CHECK(observation.is_deep);
}

TEST_CASE("what was asked for by name is missed, what a mirror leaves out is not",
          "[prober][mirror_check]") {
    const auto severity = [](bool forgives) {
        auto client = whole_mirror();
        client.answer(suite + sources, {.kind = OutcomeKind::http_status, .status = 404});
        auto what = tiny_check();
        auto plan = *what.look.plan;
        plan.forgives_left_out = forgives;
        what.look.plan = std::make_shared<const prober::LookPlan>(std::move(plan));
        return model::worst_severity(check(client, std::move(what)).observation);
    };

    CHECK(severity(true) == model::Severity::warning);
    CHECK(severity(false) == model::Severity::bad);
}
