// What a check learns beside the suites: the host, its traces, its rsync daemon; and deep looks.

#include "prober/mirror_check.hpp"
#include "prober/testing/tiny_mirror.hpp"
#include "tools/cmake/catch.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace prober::testing;
using namespace prober::testing::tiny_mirror;
using model::Integrity;

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
    // The name that cannot exist and the InRelease; the marker, the listing and two traces.
    CHECK(costs == std::vector<std::pair<std::string, std::uint32_t>>{
                       {"address", 1}, {"index", 2}, {"release", 2}, {"trace", 4}});
    CHECK(checked.requests == 9);
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

TEST_CASE("what a mirror's own files say of its syncs is kept", "[prober][mirror_check]") {
    const std::string traces = base + "project/trace/";
    const auto page = [](const std::string& text) {
        return ScriptedHttpClient::File{
            .body = text, .etag = {}, .last_modified = {}, .is_web_page = true};
    };
    const auto trace = [](const std::string& upstream) {
        return "Sun Mar  1 10:00:00 UTC 2026\nUsed ftpsync version: 20180513\n"
               "Upstream-mirror: " +
               upstream + "\n";
    };
    auto mirror = whole_mirror();
    mirror.file(traces + "deb.example", trace("one.example"))
        .file(traces + "mirror.example", trace("two.example"))
        .file(traces + "master", "Sun Mar  1 08:00:00 UTC 2026\n")
        .file(traces + "odd.example", trace("three.example"));

    SECTION("by the server's listing") {
        mirror.file(traces, page("<a href=\"deb.example\">x</a> 01-Mar-2026 10:00\n"
                                 "<a href=\"odd.example\">x</a> 01-Mar-2026 09:00\n"
                                 "<a href=\"master\">x</a> 01-Mar-2026 08:00\n"));

        const auto checked = check(mirror, tiny_check());

        REQUIRE(checked.observation.traces.size() == 2);
        CHECK(checked.observation.traces[0].name == "deb.example");
        CHECK(checked.observation.traces[0].last_sync == example_time - 2h);
        CHECK(checked.observation.traces[0].upstream == "one.example");
        CHECK(checked.observation.traces[0].tool == "ftpsync 20180513");
        CHECK(checked.observation.traces[1].name == "master");
        CHECK_FALSE(mirror.was_asked(traces + "mirror.example"));
        CHECK_FALSE(mirror.was_asked(traces + "odd.example"));
    }
    SECTION("by names that can be guessed, where it gives none") {
        const auto checked = check(mirror, tiny_check());

        REQUIRE(checked.observation.traces.size() == 2);
        CHECK(checked.observation.traces[0].name == "mirror.example");
        CHECK(checked.observation.traces[1].name == "master");
    }
    SECTION("not of a host that answers 200 to everything") {
        mirror.answer_else(ok);

        CHECK(check(mirror, tiny_check()).observation.traces.empty());
        CHECK_FALSE(mirror.was_asked(traces));
    }
}

TEST_CASE("a torn mirror's marker is looked for under every name", "[prober][mirror_check]") {
    auto mirror = whole_mirror();
    const auto theirs = base + "Archive-Update-in-Progress-deb.example";
    mirror.file(base, {.body = "<a href=\"dists/\">dists/</a> <a "
                               "href=\"Archive-Update-in-Progress-deb.example\">x</a>",
                       .etag = {},
                       .last_modified = {},
                       .is_web_page = true});
    mirror.file(theirs, {.body = "",
                         .etag = {},
                         .last_modified = "Sun, 01 Mar 2026 11:00:00 GMT",
                         .is_web_page = false});

    SECTION("torn, and the marker tells why") {
        mirror.ok_with_length(suite + packages, 13);

        const auto checked = check(mirror, tiny_check());

        CHECK(to_string(checked.observation.suites.front().integrity) == "syncing");
        CHECK(rules_of(checked.observation) == std::vector<std::string>{"syncing", "torn-index"});
        const auto& told = checked.observation.findings.front();
        CHECK(told.curl == "curl -sSIL " + theirs);
        CHECK(told.summary.find("marked so since 2026-03-01T11:00:00Z") != std::string::npos);
    }
    SECTION("a whole one is not asked for it") {
        CHECK(check(mirror, tiny_check()).observation.findings.empty());
        CHECK_FALSE(mirror.was_asked(base));
    }
}

TEST_CASE("a mirror's rsync daemon has a finding of its own", "[prober][mirror_check]") {
    const std::string url = "rsync://rsync.example/debian/";
    auto what = tiny_check();
    what.look.rsync_url = url;
    auto mirror = whole_mirror();

    SECTION("all is well") {
        mirror.rsync({.url = url,
                      .outcome = ok,
                      .module = "debian",
                      .modules = std::vector<std::string>{"debian"}});
        const auto checked = check(mirror, what);
        CHECK(checked.observation.findings.empty());
        REQUIRE(checked.observation.rsync.has_value());
        CHECK(checked.observation.rsync->offers_module == true);
        CHECK(std::ranges::count(checked.observation.costs, "rsync", &model::RequestCost::kind) ==
              1);
    }
    SECTION("nobody listens, and the mirror is whole all the same") {
        mirror.rsync({.url = url, .outcome = refused, .module = "debian", .modules = {}});
        const auto checked = check(mirror, what);
        CHECK(rules_of(checked.observation) == std::vector<std::string>{"rsync-dead"});
        CHECK(checked.observation.findings.front().severity == model::Severity::warning);
        CHECK(checked.observation.suites.front().integrity == Integrity::whole);
    }
    SECTION("nobody could be asked") {
        const auto checked = check(mirror, what);
        CHECK(checked.observation.findings.empty());
        CHECK_FALSE(checked.observation.rsync.has_value());
    }
    SECTION("there is none") {
        CHECK_FALSE(check(mirror, tiny_check()).observation.rsync.has_value());
        CHECK_FALSE(mirror.was_asked(url));
    }
}
