#include "model/judge_suite.hpp"

#include "model/testing/suite_case.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::Integrity;
using model::OutcomeKind;
using namespace model::testing;

TEST_CASE("a suite that agrees with its Release is whole", "[model][judge_suite]") {
    Case suite;

    const auto verdict = suite.judge();

    CHECK(verdict.state.integrity == Integrity::whole);
    CHECK(verdict.findings.empty());
    CHECK(verdict.state.suite == "bookworm");
    CHECK(verdict.state.release_date == at("2026-11-20T08:00:00Z"));
    CHECK(verdict.state.text_sha256 == digest(0xaa));
    CHECK_FALSE(verdict.state.torn_since);
    CHECK_FALSE(verdict.state.lag);
}

TEST_CASE("one thing wrong with a suite gives one verdict", "[model][judge_suite]") {
    struct Row {
        std::string why;
        void (*spoil)(Case&);
        Integrity expected;
        std::string rules;
    };
    const auto row = GENERATE(values<Row>({
        {"no Release",
         [](Case& suite) {
             suite.facts.outcome = not_found;
             suite.facts.release.reset();
         },
         Integrity::missing, "bad release-missing"},
        {"gone for good",
         [](Case& suite) {
             suite.facts.outcome = {OutcomeKind::http_status, 410};
             suite.facts.release.reset();
         },
         Integrity::missing, "bad release-missing"},
        {"the server refuses: whether it is there cannot be told",
         [](Case& suite) {
             suite.facts.outcome = {OutcomeKind::http_status, 403};
             suite.facts.release.reset();
         },
         Integrity::unknown, "bad release-unanswered"},
        {"silence says nothing of it, and that is said",
         [](Case& suite) {
             suite.facts.outcome = {OutcomeKind::timeout_response, 0};
             suite.facts.release.reset();
         },
         Integrity::unknown, "unknown no-answer"},
        {"our own trouble judges nothing",
         [](Case& suite) {
             suite.facts.outcome = {OutcomeKind::prober_trouble, 0};
             suite.facts.release.reset();
         },
         Integrity::unknown, ""},
        {"a start page instead of a Release",
         [](Case& suite) {
             suite.facts.is_web_page = true;
             suite.facts.release.reset();
             suite.facts.fault = model::TextFault{1, "it is no field"};
         },
         Integrity::not_an_archive, "bad not-an-archive"},
        {"a Release with a wrong type is a Release",
         [](Case& suite) { suite.facts.is_web_page = true; }, Integrity::whole, ""},
        {"cut off, so no longer clear-signed",
         [](Case& suite) {
             suite.facts.release.reset();
             suite.facts.fault = model::TextFault{7, "the signature does not end"};
             suite.facts.signature->kind = model::SignatureKind::no_signature;
         },
         Integrity::bad_signature, "bad release-unreadable, bad unsigned"},
        {"unsigned",
         [](Case& suite) {
             suite.facts.signature->kind = model::SignatureKind::no_signature;
         },
         Integrity::bad_signature, "bad unsigned"},
        {"signed by somebody",
         [](Case& suite) { suite.facts.signature->kind = model::SignatureKind::unknown_key; },
         Integrity::bad_signature, "bad unknown-key"},
        {"changed after it was signed",
         [](Case& suite) { suite.facts.signature->kind = model::SignatureKind::bad; },
         Integrity::bad_signature, "bad bad-signature"},
        {"the key has expired",
         [](Case& suite) { suite.facts.signature->kind = model::SignatureKind::expired_key; },
         Integrity::bad_signature, "bad expired-key"},
        {"the key was revoked",
         [](Case& suite) { suite.facts.signature->kind = model::SignatureKind::revoked_key; },
         Integrity::bad_signature, "bad revoked-key"},
        {"the signature has expired",
         [](Case& suite) { suite.facts.signature->kind = model::SignatureKind::expired_signature; },
         Integrity::bad_signature, "bad expired-signature"},
        {"SHA-1",
         [](Case& suite) { suite.facts.signature->kind = model::SignatureKind::weak_digest; },
         Integrity::bad_signature, "bad weak-digest"},
        {"no keyring: could not be told", [](Case& suite) { suite.facts.signature.reset(); },
         Integrity::unknown, "unknown signature-unchecked"},
        {"no keyring, but the very text that the primary published",
         [](Case& suite) {
             suite.facts.signature.reset();
             suite.know("2026-11-20T08:00:00Z", 0xaa, {});
         },
         Integrity::whole, ""},
        {"Valid-Until has passed",
         [](Case& suite) { suite.facts.release->valid_until = at("2026-11-20T11:59:59Z"); },
         Integrity::expired, "bad release-expired"},
        {"Valid-Until is now: apt still takes it",
         [](Case& suite) { suite.facts.release->valid_until = at("2026-11-20T12:00:00Z"); },
         Integrity::whole, ""},
        {"dated ahead, as much as apt puts up with",
         [](Case& suite) { suite.facts.release->date = at("2026-11-20T12:00:10Z"); },
         Integrity::whole, ""},
        {"dated ahead",
         [](Case& suite) { suite.facts.release->date = at("2026-11-20T12:00:11Z"); },
         Integrity::expired, "bad future-date"},
        {"another distribution's",
         [](Case& suite) { suite.facts.release->origin = "Ubuntu"; }, Integrity::foreign,
         "bad foreign-release"},
        {"another suite's",
         [](Case& suite) {
             suite.facts.release->codename = "trixie";
             suite.facts.release->suite = "testing";
         },
         Integrity::foreign, "bad foreign-release"},
        {"stable became oldstable: the code name is enough",
         [](Case& suite) { suite.facts.release->suite = "oldstable"; }, Integrity::whole, ""},
        {"nobody knows what is expected, and it names its folder",
         [](Case& suite) {
             suite.yardstick.origin.clear();
             suite.yardstick.codename.clear();
             suite.yardstick.suite.clear();
         },
         Integrity::whole, ""},
        {"nobody knows what is expected, and it names another folder: apt only warns",
         [](Case& suite) {
             suite.yardstick.origin.clear();
             suite.yardstick.codename.clear();
             suite.yardstick.suite.clear();
             suite.facts.release->codename = "trixie";
             suite.facts.release->suite = "testing";
         },
         Integrity::whole, "warning foreign-release"},
        {"torn, for longer than a sync may take",
         [](Case& suite) {
             suite.at_path(packages).size = 11;
             suite.yardstick.torn_since = at("2026-11-20T05:59:59Z");
         },
         Integrity::torn, "bad torn-index"},
        {"torn, exactly as long as a sync may take",
         [](Case& suite) {
             suite.at_path(packages).size = 11;
             suite.yardstick.torn_since = at("2026-11-20T06:00:00Z");
         },
         Integrity::syncing, "warning syncing, warning torn-index"},
        {"torn for the first time",
         [](Case& suite) { suite.at_path(packages).size = 11; }, Integrity::syncing,
         "warning syncing, warning torn-index"},
        {"an empty index is torn too",
         [](Case& suite) {
             suite.at_path(packages).size = 0;
             suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
         },
         Integrity::torn, "bad torn-index"},
        {"a size that is not known judges nothing",
         [](Case& suite) { suite.at_path(packages).size.reset(); }, Integrity::whole, ""},
        {"an index that the Release does not name judges nothing",
         [](Case& suite) { suite.facts.release->entries.erase(
                               suite.facts.release->entries.begin() + 1); },
         Integrity::whole, ""},
        {"missing, and not named: no fault",
         [](Case& suite) {
             suite.facts.release->entries.erase(suite.facts.release->entries.begin() + 1);
             suite.at_path(packages) = index(packages, {}, not_found);
         },
         Integrity::whole, ""},
        {"the right size, another hash",
         [](Case& suite) {
             suite.at_path(packages).sha256 = digest(9);
             suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
         },
         Integrity::torn, "bad index-wrong-hash"},
        {"the right hash", [](Case& suite) { suite.at_path(packages).sha256 = digest(1); },
         Integrity::whole, ""},
        {"a web page instead of an index",
         [](Case& suite) {
             suite.at_path(packages).is_web_page = true;
             suite.at_path(packages).size.reset();
         },
         Integrity::not_an_archive, "bad not-an-archive"},
        {"an index of a wrong type but the right size",
         [](Case& suite) { suite.at_path(packages).is_web_page = true; }, Integrity::whole, ""},
        {"one index of an architecture and component that it has is missing",
         [](Case& suite) {
             suite.at_path(packages) = index(packages, {}, not_found);
             suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
         },
         Integrity::torn, "bad index-missing"},
        {"it leaves an architecture out",
         [](Case& suite) { suite.at_path(arm_packages) = index(arm_packages, {}, not_found); },
         Integrity::whole, "warning index-missing"},
        {"it leaves sources out",
         [](Case& suite) { suite.at_path(sources) = index(sources, {}, not_found); },
         Integrity::whole, "warning index-missing"},
        {"it leaves a component out",
         [](Case& suite) { suite.at_path(contrib) = index(contrib, {}, not_found); },
         Integrity::whole, "warning index-missing"},
        {"nothing but sources is left: nobody leaves all binaries out",
         [](Case& suite) {
             suite.facts.indexes = {index(packages, {}, not_found), index(sources, 30)};
             suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
         },
         Integrity::torn, "bad index-missing"},
        {"a Release alone is no mirror",
         [](Case& suite) {
             suite.facts.indexes = {index(packages, {}, not_found)};
             suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
         },
         Integrity::torn, "bad index-missing"},
        {"an index that the server refuses cannot be told",
         [](Case& suite) {
             suite.at_path(packages) = index(packages, {}, {OutcomeKind::http_status, 403});
         },
         Integrity::unknown, "bad index-unanswered"},
        {"an index that nobody asked for judges nothing, but whole it is not",
         [](Case& suite) {
             suite.at_path(packages) = index(packages, {}, {OutcomeKind::skipped, 0});
         },
         Integrity::unknown, ""},
        {"the host answers everything: said once, elsewhere",
         [](Case& suite) { suite.facts.answers_everything = true; }, Integrity::not_an_archive,
         ""},
        {"being updated since an hour",
         [](Case& suite) {
             suite.facts.marker_url = "http://mirror.example/Archive-Update-in-Progress-x";
             suite.facts.marker_since = at("2026-11-20T11:00:00Z");
         },
         Integrity::syncing, "warning syncing"},
        {"a marker that was left behind",
         [](Case& suite) {
             suite.facts.marker_url = "http://mirror.example/Archive-Update-in-Progress-x";
             suite.facts.marker_since = at("2026-11-18T12:00:00Z");
         },
         Integrity::whole, "warning update-marker"},
        {"a marker without a time, seen by the probe before",
         [](Case& suite) {
             suite.facts.marker_url = "http://mirror.example/Archive-Update-in-Progress-x";
             suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
         },
         Integrity::whole, "warning update-marker"},
    }));
    CAPTURE(row.why);
    Case suite;
    row.spoil(suite);

    const auto verdict = suite.judge();

    CHECK(to_string(verdict.state.integrity) == to_string(row.expected));
    CHECK(rules_of(verdict) == row.rules);
    for (const auto& finding : verdict.findings) {
        CHECK(finding.subject == "bookworm");
        CHECK_FALSE(finding.remedy.empty());
    }
}

TEST_CASE("a sync that began in the future begins now", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).size = 11;
    suite.yardstick.torn_since = suite.yardstick.now + std::chrono::hours{24 * 365};

    const auto verdict = model::judge_suite(suite.facts, suite.yardstick);

    CHECK(verdict.state.integrity == Integrity::syncing);
    CHECK(verdict.state.torn_since == suite.yardstick.now);
}

TEST_CASE("a marker of the future does not make a sync last for ever", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).size = 11;
    suite.facts.marker_url = suite.facts.url + ".marker";
    suite.facts.marker_since = suite.yardstick.now + std::chrono::hours{24 * 365};

    suite.yardstick.torn_since = suite.yardstick.now - std::chrono::hours{48};
    CHECK(model::judge_suite(suite.facts, suite.yardstick).state.integrity == Integrity::torn);

    suite.at_path(packages).size = 10;
    CHECK(model::judge_suite(suite.facts, suite.yardstick).state.integrity == Integrity::whole);
}
