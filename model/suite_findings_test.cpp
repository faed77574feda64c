#include "model/suite_findings.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using model::Finding;
using model::OutcomeKind;
using model::Severity;
using model::SignatureKind;

namespace {

const model::Timestamp noon = model::parse_timestamp("2026-11-20T12:00:00Z").value();

model::SuiteFacts suite() {
    model::SuiteFacts facts;
    facts.suite = "bookworm";
    facts.url = "http://mirror.example/dists/bookworm/InRelease";
    facts.outcome = {OutcomeKind::ok, 0};
    facts.release.emplace();
    facts.release->origin = "Other";
    facts.release->codename = "sid";
    facts.release->suite = "unstable";
    facts.release->date = noon - 2h;
    facts.release->valid_until = noon - 26h;
    facts.fault = model::TextFault{7, "no colon"};
    return facts;
}

model::SuiteYardstick yardstick() {
    model::SuiteYardstick yardstick;
    yardstick.origin = "Debian";
    yardstick.codename = "bookworm";
    yardstick.keyring = "/my keys.gpg";
    yardstick.now = noon;
    yardstick.sync_grace = 6h;
    return yardstick;
}

model::SuiteFacts marked() {
    auto facts = suite();
    facts.marker_url = "http://mirror.example/Archive-Update-in-Progress-m";
    return facts;
}

struct Said {
    std::string rule;
    Severity severity;
    std::string summary;
    std::string request;
    std::string expected;
    std::string curl;
};

void check(const Finding& finding, const Said& said) {
    CHECK(finding.rule == said.rule);
    CHECK(to_string(finding.severity) == to_string(said.severity));
    CHECK(finding.subject == "bookworm");
    CHECK(finding.summary == said.summary);
    CHECK(finding.request == said.request);
    CHECK(finding.expected == said.expected);
    CHECK(finding.curl == said.curl);
    CHECK_FALSE(finding.remedy.empty());
}

}  // namespace

TEST_CASE("each fault of a Release is told with what shows it", "[model][suite_findings]") {
    const std::string url = "http://mirror.example/dists/bookworm/InRelease";
    const std::string get = "GET " + url;
    const std::string body = "curl -sSL " + url;
    const std::string head = "curl -sSIL " + url;

    check(model::release_missing(suite()),
          {"release-missing", Severity::bad,
           "dists/bookworm has no Release file: apt says \"does not have a Release file\"", get,
           "200", head});
    check(model::release_unreadable(suite()),
          {"release-unreadable", Severity::bad,
           "the InRelease of bookworm is damaged: line 7: no colon", get, "a Release file", body});
    check(model::release_is_web_page(suite()),
          {"not-an-archive", Severity::bad,
           "the InRelease of bookworm is a web page, so nothing that this host says counts", get,
           "a Release file", head});
    check(model::release_expired(suite(), noon),
          {"release-expired", Severity::bad,
           "the InRelease of bookworm expired 1 d 2 h ago: apt refuses it as expired", get,
           "a Valid-Until that has not passed", body + " | grep ^Valid-Until:"});
    check(model::release_from_future(suite(), noon - 5h),
          {"future-date", Severity::bad,
           "the InRelease of bookworm is dated 3 h from now: apt refuses it as not valid yet", get,
           "a Date that has passed", body + " | grep ^Date:"});
    check(
        model::foreign_release(suite(), yardstick()),
        {"foreign-release", Severity::bad,
         "the InRelease of bookworm is another one's: origin Other, codename sid, suite unstable",
         get, "origin Debian, codename bookworm", body + " | grep -E '^(Origin|Suite|Codename):'"});
    check(model::misplaced_release(suite()),
          {"foreign-release", Severity::warning,
           "the InRelease at dists/bookworm names another suite: codename sid, suite unstable; apt "
           "warns of a conflicting distribution",
           get, "codename or suite bookworm", body + " | grep -E '^(Suite|Codename):'"});
}

TEST_CASE("a sync under way says how long it may take", "[model][suite_findings]") {
    const std::string marker = "http://mirror.example/Archive-Update-in-Progress-m";

    check(model::syncing(suite(), noon - 1h, yardstick()),
          {"syncing", Severity::warning,
           "bookworm is in the middle of a sync, seen so since 2026-11-20T11:00:00Z; it has 6 h "
           "for that",
           "", "", ""});
    check(model::syncing(marked(), noon - 1h, yardstick()),
          {"syncing", Severity::warning,
           "bookworm is in the middle of a sync, marked so since 2026-11-20T11:00:00Z; it has 6 h "
           "for that",
           "HEAD " + marker, "404 when the sync has ended", "curl -sSIL " + marker});
    check(model::stale_marker(marked(), noon - 7h, yardstick()),
          {"update-marker", Severity::warning,
           "a sync began 7 h ago and its marker was never removed", "HEAD " + marker,
           "404 after 6 h at the latest", "curl -sSIL " + marker});
}

TEST_CASE("every fault of a signature has a rule of its own", "[model][suite_findings]") {
    const auto& [kind, rule] = GENERATE(table<SignatureKind, std::string>({
        {SignatureKind::no_signature, "unsigned"},
        {SignatureKind::unknown_key, "unknown-key"},
        {SignatureKind::bad, "bad-signature"},
        {SignatureKind::expired_key, "expired-key"},
        {SignatureKind::revoked_key, "revoked-key"},
        {SignatureKind::expired_signature, "expired-signature"},
        {SignatureKind::weak_digest, "weak-digest"},
    }));
    auto facts = suite();
    facts.signature = model::SignatureVerdict{.kind = kind, .fingerprints = {}};

    const auto finding = model::signature_fault(facts, yardstick());

    REQUIRE(finding.has_value());
    CHECK(finding->rule == rule);
    CHECK(to_string(finding->severity) == to_string(Severity::bad));
    CHECK(finding->curl.find("--keyring '/my keys.gpg'") != std::string::npos);
}

TEST_CASE("a good signature is no fault, and neither is one that nobody checked",
          "[model][suite_findings]") {
    auto facts = suite();
    CHECK_FALSE(model::signature_fault(facts, yardstick()).has_value());
    facts.signature = model::SignatureVerdict{.kind = SignatureKind::good, .fingerprints = {"AB"}};

    CHECK_FALSE(model::signature_fault(facts, yardstick()).has_value());
    CHECK(to_string(model::signature_unchecked(facts).severity) == to_string(Severity::unknown));
}

TEST_CASE("a day behind is good, and more is a warning", "[model][suite_findings]") {
    const auto& [behind, is_estimated, severity,
                 summary] = GENERATE(table<std::chrono::seconds, bool, Severity, std::string>({
        {24h, false, Severity::good, "bookworm is 1 d behind the primary archive"},
        {24h + 1s, false, Severity::warning, "bookworm is 1 d behind the primary archive"},
        {2h, true, Severity::good,
         "bookworm is about 2 h behind the primary archive, judged by its Date: the primary was "
         "never seen with this Release"},
    }));

    const auto finding = model::behind(suite(), {.behind = behind, .is_estimated = is_estimated});

    CHECK(to_string(finding.severity) == to_string(severity));
    CHECK(finding.summary == summary);
}

TEST_CASE("an index that is not there is less bad where nothing of its kind is",
          "[model][suite_findings]") {
    const auto facts = suite();
    model::IndexFacts index;
    index.path = "main/binary-arm64/Packages.gz";
    index.url = "http://mirror.example/dists/bookworm/main/binary-arm64/Packages.gz";
    index.outcome = {OutcomeKind::http_status, 404};
    const model::ReleaseEntry entry{.path = index.path, .size = 11'790, .sha256 = {}};
    const model::IndexFault fault{
        .suite = facts, .index = index, .entry = entry, .other_date = std::nullopt};

    const auto partial = model::index_missing(fault, true);
    const auto lost = model::index_missing(fault, false);

    CHECK(to_string(partial.severity) == to_string(Severity::warning));
    CHECK(to_string(lost.severity) == to_string(Severity::bad));
    CHECK(lost.rule == "index-missing");
    CHECK(lost.request == "HEAD " + index.url);
    CHECK(lost.answer == "404");
    CHECK(lost.expected == "11790 bytes, says the InRelease of 2026-11-20T10:00:00Z there");
}
