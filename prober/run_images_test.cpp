#include "model/checksum_file.hpp"
#include "prober/testing/finished_run.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace prober::testing;
using model::OutcomeKind;
using model::ProbeVerdict;
using prober::MirrorTask;

namespace {

std::shared_ptr<const prober::ProbePlan> release_plan() {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso", "b.iso"}},
                                     {.flavour = "server", .files = {"c.iso"}}};
    distribution.series[1].images = {{.flavour = "desktop", .files = {"old.iso"}}};
    return std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(distribution, {}));
}

MirrorTask release_task(const std::string& url, const std::vector<model::ImageRow>& rows = {}) {
    static const auto plan = release_plan();
    return task("images", url, plan, prober::Assigner(*plan).assign(rows));
}

}  // namespace

TEST_CASE("a CD mirror passes when every file of every set is there", "[prober][run_images]") {
    ScriptedHttpClient client;
    client.ok("http://m.example/a.iso").ok("http://m.example/b.iso").ok("http://m.example/c.iso");

    SECTION("all there") {
        const auto finished = run_one(client, release_task("http://m.example/"));

        CHECK(finished.only().record.verdict == ProbeVerdict::passed);
        CHECK(finished.only().images ==
              std::vector<model::ImageRow>{{"new", "desktop"}, {"new", "server"}});
        CHECK(finished.only().record.expected == 2);
    }
    SECTION("one file of a set is missing: the set is") {
        client.answer("http://m.example/b.iso", {.kind = OutcomeKind::refused});

        const auto finished = run_one(client, release_task("http://m.example/"));

        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.only().images == std::vector<model::ImageRow>{{"new", "server"}});
        CHECK(finished.only().record.found == 1);
    }
    SECTION("an obsolete series that went is no failure") {
        const auto finished =
            run_one(client, release_task("http://m.example/", {{"old", "desktop"}}));

        CHECK(client.was_asked("http://m.example/old.iso"));
        CHECK(finished.only().record.verdict == ProbeVerdict::passed);
        CHECK(finished.only().record.expected == 3);
        CHECK(finished.only().record.found == 2);
    }
}

TEST_CASE("an image of another size is not there", "[prober][run_images]") {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso"}, .sizes = {5000}}};
    const auto plan =
        std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(distribution, {}));
    const auto images = task("images", "http://m.example/", plan,
                             prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    ScriptedHttpClient client;

    SECTION("the right size") {
        client.ok_with_length("http://m.example/a.iso", 5000);
        CHECK(run_one(client, images).only().record.verdict == ProbeVerdict::passed);
    }
    SECTION("cut off") {
        client.ok_with_length("http://m.example/a.iso", 4999);
        const auto finished = run_one(client, images);
        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.only().images.empty());
        CHECK(finished.log().find("image of another size: 4999 bytes, not 5000") !=
              std::string::npos);
    }
    SECTION("a server that does not say") {
        client.ok("http://m.example/a.iso");
        const auto finished = run_one(client, images);
        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.log().find("does not say how large it is") != std::string::npos);
    }
}

TEST_CASE("an image set is whole with the primary's checksums only", "[prober][run_images]") {
    const auto right = std::string(64, 'a') + "  a.iso\n";
    const auto wrong = std::string(64, 'b') + "  a.iso\n";
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"new/a.iso"}},
                                     {.flavour = "server", .files = {"b.iso"}}};
    const auto plan = std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(
        distribution,
        {{.folder = "new/",
          .sums = *model::parse_checksums(right + std::string(64, 'c') + "  other.iso\n")}}));
    const auto images = task("images", "http://m.example/", plan,
                             prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    const std::string sums_url = "http://m.example/new/SHA256SUMS";
    ScriptedHttpClient client;
    client.ok("http://m.example/new/a.iso").ok("http://m.example/b.iso");

    const auto [body, is_whole, meaning] = GENERATE_COPY(table<std::string, bool, std::string>({
        {right, true, "checksums as the primary's"},
        {std::string(64, 'd') + "  another.iso\n" + right, true, "checksums as the primary's"},
        {wrong, false,
         "checksums differ from the primary's: \"a.iso\" should be " + std::string(64, 'a') +
             ", and is " + std::string(64, 'b')},
        {"", false, "should be " + std::string(64, 'a') + ", and is not named"},
        {"<html>\n", false, "not a file of checksums: line 1: "},
        {right + std::string(2'000'000, '\n'), false, "not a file of checksums: it is too large"},
    }));
    client.file(sums_url, body);

    const auto finished = run_one(client, images);

    CHECK(finished.log().find(meaning) != std::string::npos);
    CHECK(finished.only().images ==
          (is_whole ? std::vector<model::ImageRow>{{"new", "desktop"}, {"new", "server"}}
                    : std::vector<model::ImageRow>{{"new", "server"}}));
    CHECK(client.gets().size() == 1);
}

TEST_CASE("an image set lacks checksums that the primary has", "[prober][run_images]") {
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso"}}};
    const auto plan = std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(
        distribution,
        {{.folder = "", .sums = *model::parse_checksums(std::string(64, 'a') + "  a.iso\n")}}));
    const auto images = task("images", "http://m.example/", plan,
                             prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    ScriptedHttpClient client;
    client.ok("http://m.example/a.iso");

    SECTION("missing") {
        const auto finished = run_one(client, images);
        CHECK(finished.only().record.verdict == ProbeVerdict::failed);
        CHECK(finished.log().find("checksums missing, which the primary has") != std::string::npos);
    }
    SECTION("trouble on our side says nothing of the mirror") {
        client.answer("http://m.example/SHA256SUMS", {.kind = OutcomeKind::prober_trouble});
        const auto finished = run_all(client, {images});
        CHECK(finished.results.empty());
        CHECK(finished.unfinished.size() == 1);
    }
}

TEST_CASE("the host of a CD mirror is looked at, and never fails it", "[prober][run_images]") {
    const std::string base = "https://m.example/";
    const std::string rsync = "rsync://m.example/cds/";
    auto images = release_task(base);
    images.look.emplace();
    images.look->base_url = base;
    images.look->rsync_url = rsync;
    images.look->plan = std::make_shared<const prober::LookPlan>();
    ScriptedHttpClient client;
    client.ok(base + "a.iso").ok(base + "b.iso").ok(base + "c.iso");
    client.addresses(base, {{"192.0.2.7", {.kind = OutcomeKind::ok}},
                            {"2001:db8::7", {.kind = OutcomeKind::timeout_connect}}});
    client.certificate_of(base, {.host = "m.example",
                                 .subject = "CN = m.example",
                                 .issuer = "CN = ca.example",
                                 .not_before = example_time - std::chrono::hours(24 * 89),
                                 .not_after = example_time + std::chrono::hours(24)});
    client.rsync({.url = rsync,
                  .outcome = {.kind = OutcomeKind::ok},
                  .module = "cds",
                  .modules = std::vector<std::string>{"debian"},
                  .connections = 1,
                  .bytes = 30});

    const auto finished = run_one(client, images);

    const auto& observation = finished.only().observation;
    std::vector<std::string> rules;
    for (const auto& finding : observation.findings) {
        rules.push_back(finding.rule);
        CHECK(finished.log().find(finding.summary) != std::string::npos);
    }
    std::ranges::sort(rules);
    CHECK(rules ==
          std::vector<std::string>{"certificate-ends-soon", "ipv6-dead", "rsync-module-missing"});
    CHECK(observation.addresses.size() == 2);
    CHECK(observation.certificate.has_value());
    REQUIRE(observation.rsync.has_value());
    CHECK(observation.rsync->offers_module == false);
    CHECK(finished.only().record.verdict == ProbeVerdict::passed);
    CHECK(std::set<std::string>(client.asked().begin(), client.asked().end()) ==
          std::set<std::string>{base + "a.iso", base + "b.iso", base + "c.iso", rsync});
}

TEST_CASE("a host that answers 200 to everything has no image but one of the right size",
          "[prober][run_images]") {
    using Sizes = std::vector<std::uint64_t>;
    const auto [sizes, is_asked, verdict] = GENERATE(table<Sizes, bool, ProbeVerdict>({
        {{}, true, ProbeVerdict::failed},
        {{5000}, false, ProbeVerdict::passed},
    }));
    const std::string base = "http://m.example/";
    auto distribution = tiny_distribution();
    distribution.series[0].images = {{.flavour = "desktop", .files = {"a.iso"}, .sizes = sizes}};
    const auto plan =
        std::make_shared<prober::ProbePlan>(prober::ProbePlan::for_release(distribution, {}));
    auto images =
        task("images", base, plan, prober::Assigner(*plan).assign(std::vector<model::ImageRow>{}));
    images.look.emplace();
    images.look->base_url = base;
    images.look->plan = std::make_shared<const prober::LookPlan>();
    images.look->impossible_names = {"no-such-file"};
    ScriptedHttpClient client;
    client.answer_else({.kind = OutcomeKind::ok});
    client.ok_with_length(base + "a.iso", 5000);

    const auto finished = run_one(client, images);

    CHECK(client.was_asked(base + "no-such-file") == is_asked);
    CHECK(finished.only().record.verdict == verdict);
    CHECK(finished.only().images.empty() == is_asked);
    CHECK(finished.only().observation.findings.empty() != is_asked);
}

TEST_CASE("what a CD mirror's first file says of its certificate is heeded",
          "[prober][run_images]") {
    const std::string base = "https://m.example/";
    auto images = release_task(base);
    images.look.emplace();
    images.look->base_url = base;
    images.look->plan = std::make_shared<const prober::LookPlan>();
    ScriptedHttpClient client;
    client.answer_else({.kind = OutcomeKind::tls_expired});

    const auto finished = run_one(client, images);

    REQUIRE(finished.only().observation.findings.size() == 1);
    CHECK(finished.only().observation.findings.front().rule == "certificate-expired");
}
