#include "tools/service/testing/report_office.hpp"

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;
using model::Scope;
using nlohmann::json;
using service::testing::Office;

namespace {

std::string problem_title(const Response& response) {
    return json::parse(response.body).at("title");
}

}  // namespace

TEST_CASE("JSON: an attempt is started, and completed once", "[service][reports]") {
    Office office;

    const auto started = office.post("/api/v1/branches/1/mirror-start", json::object());
    REQUIRE(started.status == 200);
    const auto attempt = json::parse(started.body).at("attempt");
    CHECK(json::parse(started.body).at("branch").at("last_mirror_attempt") ==
          "2026-01-01T00:00:00Z");
    const json report = {{"revision", "abc"}, {"attempt", attempt}};
    const auto done = office.post("/api/v1/branches/1/mirror-complete", report);
    const auto again = office.post("/api/v1/branches/1/mirror-complete", report);

    CHECK(done.status == 200);
    CHECK(json::parse(done.body).at("branch").at("last_mirrored_id") == "abc");
    CHECK(json::parse(done.body).at("branch").at("lease_end").is_null());
    CHECK(again.status == 409);
    CHECK(problem_title(again) == "stale_attempt");
}

TEST_CASE("JSON: a failure that is told twice counts once", "[service][reports]") {
    Office office;
    const auto started = office.post("/api/v1/branches/1/mirror-start", json::object());
    const json report = {{"reason", "no route"},
                         {"attempt", json::parse(started.body).at("attempt")}};

    CHECK(office.post("/api/v1/branches/1/mirror-failed", report).status == 200);
    CHECK(office.post("/api/v1/branches/1/mirror-failed", report).status == 409);
    CHECK(office.tree().mirroring.mirror_failures == 1);
}

TEST_CASE("JSON: the worker that began may leave out the attempt, another may not",
          "[service][reports]") {
    Office office;
    office.post("/api/v1/branches/1/mirror-start", json::object());
    const auto mine =
        std::exchange(office.token, office.add_token(Scope::branch_report, "puller-2"));

    const auto theirs = office.post("/api/v1/branches/1/mirror-failed", {{"reason", "x"}});
    office.token = mine;
    const auto own = office.post("/api/v1/branches/1/mirror-failed", {{"reason", "x"}});

    CHECK(theirs.status == 409);
    CHECK(own.status == 200);
}

TEST_CASE("JSON: a start that comes late is dated by when it was, and its lease begins now",
          "[service][reports]") {
    Office office;

    const auto answer =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2025-12-31T20:00:00Z"}});

    CHECK(answer.status == 200);
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year - 4h);
    CHECK(office.tree().mirroring.attempt->lease_end == new_year + 1h);
    const auto older =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2025-12-31T19:59:59Z"}});
    CHECK(older.status == 409);
    CHECK(problem_title(older) == "stale_attempt");
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year - 4h);
}

TEST_CASE("JSON: a worker's clock may be a minute ahead, and no more", "[service][reports]") {
    Office office;

    const auto far =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2026-01-01T00:01:01Z"}});
    const auto near =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2026-01-01T00:01:00Z"}});

    CHECK(far.status == 422);
    CHECK(near.status == 200);
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year);
}

TEST_CASE("JSON: what is due is acquired by type", "[service][reports]") {
    Office office;
    const std::string path = "/api/v1/branches/acquire";
    CHECK(office.post(path, json::object()).body == "{\"branch\":null}\n");
    CHECK(office.post("/api/v1/branches/1/request", json::object()).status == 200);
    CHECK(office.post(path, {{"types", {"IMPORTED"}}}).body == "{\"branch\":null}\n");

    const auto acquired = office.post(path, {{"types", {"MIRRORED"}}});

    const auto body = json::parse(acquired.body);
    CHECK(body.at("branch").at("name") == "tree");
    CHECK(body.at("attempt") == office.tree().mirroring.attempt->token);
    CHECK(office.post(path, json::object()).body == "{\"branch\":null}\n");
}

TEST_CASE("JSON: what cannot be is refused with its status", "[service][reports]") {
    Office office;
    const auto before = office.store->branches();
    const auto [path, body, status] = GENERATE(table<std::string, json, int>({
        {"99/mirror-start", json::object(), 404},
        {"99/request", json::object(), 404},
        {"tree/request", json::object(), 404},
        {"9223372036854775808/request", json::object(), 404},
        {"-1/request", json::object(), 404},
        {"2/mirror-start", json::object(), 409},
        {"2/request", json::object(), 409},
        {"1/mirror-complete", {{"revision", "r"}}, 409},
        {"1/mirror-failed", {{"reason", "r"}}, 409},
        {"1/mirror-complete", json::object(), 422},
        {"1/mirror-complete", {{"revision", 7}}, 422},
        {"1/mirror-complete", {{"revision", "a\nb"}}, 422},
        {"1/mirror-complete", {{"revision", "r"}, {"attempt", nullptr}}, 422},
        {"1/mirror-failed", json::object(), 422},
        {"1/mirror-failed", {{"reason", "r"}, {"why", "r"}}, 422},
        {"1/mirror-start", {{"started", "yesterday"}}, 422},
        {"1/request", {{"now", true}}, 422},
        {"acquire", {{"types", {"MIRRORED", "x"}}}, 422},
        {"acquire", {{"types", 1}}, 422},
        {"1/request", json::array(), 400},
    }));
    CAPTURE(path);

    CHECK(office.post("/api/v1/branches/" + path, body).status == status);
    CHECK(office.store->branches() == before);
}
