#include "tools/json/mirror_json.hpp"

#include "tools/cmake/catch.hpp"

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using json::details_json;
using json::MirrorDetails;
using json::outbox_json;
using json::overview_json;
using json::print_json;

TEST_CASE("what is not known of a mirror is null and not left out", "[tools][mirror_json]") {
    const auto json = overview_json({});

    for (const char* key :
         {"display_name", "country", "http_url", "https_url", "ftp_url", "rsync_url", "disabled_by",
          "disabled_reason", "maintenance_until", "lag", "lag_estimated", "integrity", "last_probe",
          "last_verdict", "found", "expected"}) {
        INFO(key);
        REQUIRE(json.contains(key));
        CHECK(json.at(key).is_null());
    }
    CHECK(json.at("freshness") == "UNKNOWN");
}

TEST_CASE("rows tell series, pocket, component, arch and freshness", "[tools][mirror_json]") {
    MirrorDetails details;
    details.rows = {{.bucket = {.series = "warty",
                                .pocket = model::Pocket::security,
                                .component = "main",
                                .architecture = "source"},
                     .freshness = model::Freshness::two_days_behind}};

    CHECK(details_json(details).at("rows").dump() ==
          R"([{"series":"warty","pocket":"SECURITY","component":"main","arch":"source",)"
          R"("freshness":"TWODAYSBEHIND"}])");
}

TEST_CASE("the last probe is a time, and a doubted one is suspect", "[tools][mirror_json]") {
    model::MirrorOverview overview;
    overview.last_probe.emplace();
    overview.last_probe->record.finished = model::Timestamp{86'400s};
    overview.last_probe->record.verdict = model::ProbeVerdict::failed;
    overview.last_probe->record.expected = 80;
    overview.last_probe->record.found = 3;

    CHECK(overview_json({overview, {}}).at("found") == 3);
    CHECK(overview_json({overview, {}}).at("expected") == 80);
    CHECK(overview_json({overview, {}}).at("last_probe") == "1970-01-02T00:00:00Z");
    CHECK(overview_json({overview, {}}).at("last_verdict") == "failed");

    overview.last_probe->record.suspect = true;
    CHECK(overview_json({overview, {}}).at("last_verdict") == "suspect");
}

TEST_CASE("only mail that waits has a next attempt", "[tools][mirror_json]") {
    model::OutboxEntry entry;
    CHECK(outbox_json(entry).at("next_attempt") == "1970-01-01T00:00:00Z");

    entry.state = model::DeliveryState::uncertain;
    CHECK(outbox_json(entry).at("next_attempt").is_null());
}

TEST_CASE("text that is no UTF-8 does not break the JSON", "[tools][mirror_json]") {
    CHECK(print_json(nlohmann::ordered_json("a\xff")) == "\"a\uFFFD\"\n");
}

TEST_CASE("a mirror's lag and integrity are those of its worst suite", "[tools][mirror_json]") {
    json::MirrorLine line;
    for (const auto& [integrity, hours] :
         {std::pair{model::Integrity::torn, 2}, std::pair{model::Integrity::whole, 30},
          std::pair{model::Integrity::unknown, 1}}) {
        auto& suite = line.observation.suites.emplace_back();
        suite.integrity = integrity;
        suite.lag = model::Lag{.behind = std::chrono::hours{hours}, .is_estimated = hours == 30};
    }

    const auto json = overview_json(line);

    CHECK(json.at("lag") == 108'000);
    CHECK(json.at("lag_estimated") == true);
    CHECK(json.at("integrity") == "torn");
}

TEST_CASE("suites that could not be told are unknown, not unmentioned", "[tools][mirror_json]") {
    json::MirrorLine line;
    line.observation.suites.emplace_back();

    CHECK(overview_json(line).at("integrity") == "unknown");
    CHECK(overview_json(line).at("lag").is_null());
}

TEST_CASE("details tell what the owner's script said of its sync", "[tools][mirror_json]") {
    MirrorDetails details;
    details.now = model::Timestamp{3 * 86'400s};
    CHECK(details_json(details).at("sync").is_null());

    details.sync = model::MirrorSync{model::Timestamp{86'400s}, {}};
    CHECK(details_json(details).at("sync").dump() ==
          R"({"state":"never-ended","started":"1970-01-02T00:00:00Z","completed":null})");

    details.sync->completed = model::Timestamp{86'460s};
    CHECK(public_details_json(details).at("sync").dump() ==
          R"({"state":"complete","started":"1970-01-02T00:00:00Z",)"
          R"("completed":"1970-01-02T00:01:00Z"})");
}

TEST_CASE("details hold each finding with everything", "[tools][mirror_json]") {
    MirrorDetails details;
    details.observation.findings = {{.rule = "torn-index",
                                     .severity = model::Severity::bad,
                                     .subject = "bookworm",
                                     .summary = "it is torn",
                                     .request = "HEAD http://x/",
                                     .answer = "200, 5 bytes",
                                     .expected = "6 bytes",
                                     .curl = "curl -sSIL http://x/",
                                     .remedy = "Sync again."}};
    details.observation.certificate.emplace();
    details.observation.certificate->not_after = model::Timestamp{10 * 86'400s};
    details.now = model::Timestamp{3 * 86'400s};

    const auto json = details_json(details);

    CHECK(json.at("findings").dump() ==
          R"([{"rule":"torn-index","severity":"bad","subject":"bookworm","summary":"it is torn",)"
          R"("request":"HEAD http://x/","answer":"200, 5 bytes","expected":"6 bytes",)"
          R"("curl":"curl -sSIL http://x/","remedy":"Sync again."}])");
    CHECK(json.at("severity") == "bad");
    CHECK(json.at("certificate").at("days_left") == 7);
    CHECK(json.at("suites").empty());
    CHECK(json.at("rows").empty());
}
