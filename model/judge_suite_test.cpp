#include "model/judge_suite.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::Integrity;
using model::OutcomeKind;
using model::Severity;

namespace {

constexpr std::string_view packages = "main/binary-amd64/Packages.gz";
constexpr std::string_view arm_packages = "main/binary-arm64/Packages.gz";
constexpr std::string_view sources = "main/source/Sources.gz";
constexpr std::string_view contrib = "contrib/binary-amd64/Packages.gz";

model::Timestamp at(std::string_view text) {
    return model::parse_timestamp(text).value();
}

model::Sha256 digest(std::uint8_t byte) {
    model::Sha256 made;
    made.bytes.fill(byte);
    return made;
}

model::ReleaseEntry entry(std::string_view path, std::uint64_t size, std::uint8_t hash) {
    return {.path = std::string{path}, .size = size, .sha256 = digest(hash)};
}

model::IndexFacts index(std::string_view path, std::optional<std::uint64_t> size,
                        model::Outcome outcome = {OutcomeKind::ok, 0}) {
    model::IndexFacts facts;
    facts.path = std::string{path};
    facts.url = "http://mirror.example/dists/bookworm/" + facts.path;
    facts.outcome = outcome;
    facts.size = size;
    return facts;
}

constexpr model::Outcome not_found{OutcomeKind::http_status, 404};

/// A mirror that is right in every way: each test spoils something.
struct Case {
    model::SuiteFacts facts;
    model::SuiteYardstick yardstick;
    std::vector<model::Snapshot> known;

    Case() {
        facts.suite = "bookworm";
        facts.url = "http://mirror.example/dists/bookworm/InRelease";
        facts.outcome = {OutcomeKind::ok, 0};
        facts.text_sha256 = digest(0xaa);
        facts.signature =
            model::SignatureVerdict{.kind = model::SignatureKind::good, .fingerprints = {"AB"}};
        model::Release release;
        release.origin = "Debian";
        release.suite = "stable";
        release.codename = "bookworm";
        release.date = at("2026-11-20T08:00:00Z");
        release.entries = {entry(contrib, 40, 4), entry(packages, 10, 1),
                           entry(arm_packages, 20, 2), entry(sources, 30, 3)};
        facts.release = release;
        facts.indexes = {index(contrib, 40), index(packages, 10), index(arm_packages, 20),
                         index(sources, 30)};
        yardstick.origin = "Debian";
        yardstick.codename = "bookworm";
        yardstick.suite = "stable";
        yardstick.keyring = "/keys.gpg";
        yardstick.now = at("2026-11-20T12:00:00Z");
        yardstick.sync_grace = std::chrono::hours{6};
    }

    model::IndexFacts& at_path(std::string_view path) {
        for (auto& facts_of_index : facts.indexes) {
            if (facts_of_index.path == path) {
                return facts_of_index;
            }
        }
        throw std::logic_error("no such index");
    }

    void know(std::string_view date, std::uint8_t text, std::vector<model::ReleaseEntry> entries) {
        model::Snapshot snapshot;
        snapshot.suite = "bookworm";
        snapshot.text_sha256 = digest(text);
        snapshot.date = at(date);
        snapshot.first_seen = snapshot.date;
        snapshot.entries = std::move(entries);
        known.push_back(std::move(snapshot));
    }

    model::SuiteVerdict judge() {
        yardstick.known = known;
        return model::judge_suite(facts, yardstick);
    }
};

/// "bad torn-index, warning syncing"
std::string rules_of(const model::SuiteVerdict& verdict) {
    std::string text;
    for (const auto& finding : verdict.findings) {
        text += (text.empty() ? "" : ", ") + std::string{to_string(finding.severity)} + ' ' +
                finding.rule;
    }
    return text;
}

}  // namespace

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

TEST_CASE("a torn suite remembers since when, until it is whole", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).size = 11;

    CHECK(suite.judge().state.torn_since == suite.yardstick.now);

    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    CHECK(suite.judge().state.torn_since == at("2026-11-19T12:00:00Z"));

    suite.at_path(packages).size = 10;
    CHECK_FALSE(suite.judge().state.torn_since);
}

TEST_CASE("a torn index is told with all that shows it", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).size = 11;
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    suite.know("2026-11-18T02:00:00Z", 0x77, {entry(packages, 11, 7)});
    suite.know("2026-11-19T02:00:00Z", 0x78, {entry(packages, 11, 7)});
    suite.know("2026-11-19T20:00:00Z", 0x79, {entry(packages, 12, 8)});

    const auto verdict = suite.judge();

    const auto torn = std::ranges::find(verdict.findings, "torn-index", &model::Finding::rule);
    REQUIRE(torn != verdict.findings.end());
    CHECK(torn->request ==
          "HEAD http://mirror.example/dists/bookworm/main/binary-amd64/Packages.gz");
    CHECK(torn->answer == "200, 11 bytes");
    CHECK(torn->expected == "10 bytes, says the InRelease of 2026-11-20T08:00:00Z there");
    CHECK(torn->curl ==
          "curl -sSIL http://mirror.example/dists/bookworm/main/binary-amd64/Packages.gz");
    CHECK(torn->summary.find("main/binary-amd64/Packages.gz") != std::string::npos);
    // The newest of those that it could be.
    CHECK(torn->summary.find("belongs to the Release of 2026-11-19T02:00:00Z") !=
          std::string::npos);
    CHECK(torn->summary.find("the one there is of 2026-11-20T08:00:00Z") != std::string::npos);
}

TEST_CASE("an index is known again by its hash where there is one", "[model][judge_suite]") {
    Case suite;
    suite.at_path(packages).sha256 = digest(7);
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    suite.know("2026-11-18T02:00:00Z", 0x77, {entry(packages, 10, 7)});
    suite.know("2026-11-19T02:00:00Z", 0x78, {entry(packages, 10, 8)});

    const auto verdict = suite.judge();

    const auto wrong =
        std::ranges::find(verdict.findings, "index-wrong-hash", &model::Finding::rule);
    REQUIRE(wrong != verdict.findings.end());
    CHECK(wrong->summary.find("belongs to the Release of 2026-11-18T02:00:00Z") !=
          std::string::npos);
    CHECK(wrong->curl.ends_with("Packages.gz | sha256sum"));
}

TEST_CASE("a few torn indexes are named, the rest is counted", "[model][judge_suite]") {
    Case suite;
    suite.facts.indexes.clear();
    suite.facts.release->entries.clear();
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");
    for (int i = 10; i < 22; ++i) {
        const std::string path = "main/binary-a" + std::to_string(i) + "/Packages.gz";
        suite.facts.indexes.push_back(index(path, 1));
        suite.facts.release->entries.push_back(entry(path, 2, 2));
    }

    const auto verdict = suite.judge();

    REQUIRE(verdict.findings.size() == 5);
    CHECK(verdict.findings.back().summary.find("; 7 more of this suite are so") !=
          std::string::npos);
}

TEST_CASE("lag is said where the mirror is behind", "[model][judge_suite]") {
    Case suite;
    suite.know("2026-11-20T08:00:00Z", 0xaa, {});
    suite.know("2026-11-20T11:00:00Z", 0xab, {});

    const auto verdict = suite.judge();

    CHECK(verdict.state.integrity == Integrity::whole);
    REQUIRE(verdict.state.lag);
    CHECK(verdict.state.lag->behind == std::chrono::hours{1});
    CHECK(rules_of(verdict) == "good behind");
    CHECK(verdict.findings.front().summary == "bookworm is 1 h behind the primary archive");
}

TEST_CASE("more than a day behind is a warning", "[model][judge_suite]") {
    Case suite;
    suite.know("2026-11-20T08:00:00Z", 0xaa, {});
    suite.know("2026-11-20T11:00:00Z", 0xab, {});
    suite.yardstick.now = at("2026-11-21T11:00:01Z");

    CHECK(rules_of(suite.judge()) == "warning behind");
}

TEST_CASE("all that is wrong is said, and the worst names the suite", "[model][judge_suite]") {
    Case suite;
    suite.facts.release->origin = "Ubuntu";
    suite.facts.release->valid_until = at("2026-11-01T00:00:00Z");
    suite.facts.signature->kind = model::SignatureKind::unknown_key;
    suite.at_path(packages).size = 11;
    suite.yardstick.torn_since = at("2026-11-19T12:00:00Z");

    const auto verdict = suite.judge();

    CHECK(verdict.state.integrity == Integrity::bad_signature);
    CHECK(rules_of(verdict) ==
          "bad release-expired, bad foreign-release, bad unknown-key, bad torn-index");
}
