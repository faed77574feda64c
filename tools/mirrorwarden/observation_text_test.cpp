#include "tools/mirrorwarden/observation_text.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace mirrorwarden;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("lag is said in people's units", "[tools][observation_text]") {
    CHECK(lag_cell({}).text == "-");
    CHECK(lag_cell(model::Lag{}).text == "up to date");
    CHECK(lag_cell(model::Lag{.behind = 200min, .is_estimated = false}).text == "3 h 20 min");
    CHECK(lag_cell(model::Lag{.behind = 52h, .is_estimated = true}).text == "about 2 d 4 h");
    CHECK(lag_cell(model::Lag{.behind = 24h, .is_estimated = false}).tone == Tone::good);
    CHECK(lag_cell(model::Lag{.behind = 25h, .is_estimated = false}).tone == Tone::caution);
    CHECK(lag_cell(model::Lag{.behind = 8 * 24h, .is_estimated = false}).tone == Tone::bad);
}

TEST_CASE("an observation tells nothing of what was not looked at", "[tools][observation_text]") {
    CHECK(observation_text({}, {}, {}).empty());
}

TEST_CASE("an observation is told under its headings", "[tools][observation_text]") {
    model::Observation seen;
    auto& suite = seen.suites.emplace_back();
    suite.suite = "bookworm";
    suite.integrity = model::Integrity::torn;
    suite.lag = model::Lag{.behind = 200min, .is_estimated = false};
    suite.release_date = model::parse_timestamp("2026-11-20T08:00:00Z");
    suite.torn_since = model::parse_timestamp("2026-11-19T07:00:00.5Z");
    seen.addresses = {{"192.0.2.7", {model::OutcomeKind::ok, 0}},
                      {"2001:db8::7", {model::OutcomeKind::refused, 0}}};
    seen.certificate = model::CertificateState{.host = "mirror.example",
                                               .subject = "mirror.example",
                                               .issuer = "An Authority",
                                               .not_before = {},
                                               .not_after = model::Timestamp{10 * 86'400s},
                                               .lacks_intermediate = true};
    seen.traces = {{.name = "master",
                    .last_sync = model::parse_timestamp("2026-11-20T09:00:00Z"),
                    .upstream = "ftp.example",
                    .tool = "ftpsync 20180513"}};
    seen.findings = {{.rule = "torn-index",
                      .severity = model::Severity::bad,
                      .subject = "bookworm",
                      .summary = "it is torn",
                      .request = "HEAD http://x/",
                      .answer = "200, 5 bytes",
                      .expected = "6 bytes",
                      .curl = "curl -sSIL http://x/",
                      .remedy = "Sync again."}};

    const auto text = observation_text(seen, model::Timestamp{9 * 86'400s}, {});

    INFO(text);
    CHECK(has(text, "bookworm  torn       3 h 20 min  2026-11-20T08:00:00Z  2026-11-19T07:00:00Z"));
    CHECK(has(text, "2001:db8::7  refused"));
    CHECK(has(text,
              "mirror.example by An Authority: 1 day left, valid until 1970-01-11T00:00:00Z, "
              "shown without its issuer's"));
    CHECK(has(text, "ftpsync 20180513"));
    CHECK(has(text,
              "bad  bookworm: it is torn\n"
              "    rule      torn-index\n"
              "    asked     HEAD http://x/\n"
              "    answered  200, 5 bytes\n"
              "    expected  6 bytes\n"
              "    see       curl -sSIL http://x/\n"
              "    mend      Sync again.\n"));
}

TEST_CASE("what an rsync daemon said is told in one line", "[tools][observation_text]") {
    const auto [outcome, offers, expected] =
        GENERATE(table<model::OutcomeKind, std::optional<bool>, std::string>({
            {model::OutcomeKind::ok, true, "rsync://a.example/debian/: ok, offers the module\n"},
            {model::OutcomeKind::ok, false,
             "rsync://a.example/debian/: ok, does not offer the module\n"},
            {model::OutcomeKind::ok, std::nullopt,
             "rsync://a.example/debian/: ok, keeps its modules to itself\n"},
            {model::OutcomeKind::refused, std::nullopt, "rsync://a.example/debian/: refused\n"},
        }));
    model::Observation seen;
    seen.rsync = {
        .url = "rsync://a.example/debian/", .outcome = {outcome}, .offers_module = offers};

    CHECK(observation_text(seen, {}, {}) == "\nRsync\n" + expected);
}

TEST_CASE("what came from a mirror cannot move a cursor", "[tools][observation_text]") {
    model::Finding finding;
    finding.summary = "\x1B[2J";
    finding.curl = "a\nb";

    const auto text = finding_text(finding, {});

    CHECK(text.find('\x1B') == std::string::npos);
    CHECK_FALSE(has(text, "a\nb"));
}
