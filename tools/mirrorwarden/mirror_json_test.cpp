#include "tools/mirrorwarden/mirror_json.hpp"

#include "tools/cmake/catch.hpp"

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using mirrorwarden::details_json;
using mirrorwarden::MirrorDetails;
using mirrorwarden::outbox_json;
using mirrorwarden::overview_json;
using mirrorwarden::print_json;

TEST_CASE("what is not known of a mirror is null and not left out", "[tools][mirror_json]") {
    const auto json = overview_json({});

    for (const char* key : {"display_name", "country", "http_url", "https_url", "ftp_url",
                            "rsync_url", "disabled_by", "disabled_reason", "maintenance_until",
                            "last_probe", "last_verdict", "found", "expected"}) {
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

    CHECK(overview_json(overview).at("found") == 3);
    CHECK(overview_json(overview).at("expected") == 80);
    CHECK(overview_json(overview).at("last_probe") == "1970-01-02T00:00:00Z");
    CHECK(overview_json(overview).at("last_verdict") == "failed");

    overview.last_probe->record.suspect = true;
    CHECK(overview_json(overview).at("last_verdict") == "suspect");
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
