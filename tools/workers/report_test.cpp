#include "tools/workers/report.hpp"

#include "tools/cmake/catch.hpp"

#include <nlohmann/json.hpp>

using workers::Report;

namespace {

constexpr model::BranchId seven{7};

const model::Timestamp noon = *model::parse_timestamp("2026-11-21T12:00:00Z");

nlohmann::json body_of(const Report& report) {
    return nlohmann::json::parse(report.body);
}

}  // namespace

TEST_CASE("a start says when it was only if it had to wait", "[workers][report]") {
    const auto report = workers::branch_started(seven, noon);

    CHECK(report.path == "/api/v1/branches/7/mirror-start");
    CHECK(report.body == "{}");
    CHECK(report.late_body == R"({"started":"2026-11-21T12:00:00Z"})");
}

TEST_CASE("each report has its own path and fields", "[workers][report]") {
    const auto complete = workers::branch_complete(seven, "r42", "secret");
    CHECK(complete.path == "/api/v1/branches/7/mirror-complete");
    CHECK(body_of(complete) == nlohmann::json({{"revision", "r42"}, {"attempt", "secret"}}));

    const auto failed = workers::branch_failed(seven, "no route", "");
    CHECK(failed.path == "/api/v1/branches/7/mirror-failed");
    CHECK(body_of(failed) == nlohmann::json({{"reason", "no route"}}));

    CHECK(workers::branch_requested(seven).path == "/api/v1/branches/7/request");
    CHECK(workers::branch_requested(seven).body == "{}");

    const auto script = workers::script_ran(
        {.name = "probe", .host = "a", .started = noon, .completed = noon + std::chrono::hours(1)});
    CHECK(script.path == "/api/v1/script-activity");
    CHECK(body_of(script) == nlohmann::json({{"name", "probe"},
                                             {"host", "a"},
                                             {"started", "2026-11-21T12:00:00Z"},
                                             {"completed", "2026-11-21T13:00:00Z"}}));

    const auto acquire = workers::acquire_branch({model::BranchType::mirrored});
    CHECK(acquire.path == "/api/v1/branches/acquire");
    CHECK(body_of(acquire) == nlohmann::json({{"types", {"MIRRORED"}}}));
    CHECK(workers::acquire_branch({}).body == "{}");
}

TEST_CASE("a mirror's name cannot lead to another path", "[workers][report]") {
    CHECK(workers::mirror_sync_started("fine-1.x").path ==
          "/api/v1/mirrors/fine-1.x/mirror-sync-started");
    CHECK(workers::mirror_sync_completed("a/../b ?é").path ==
          "/api/v1/mirrors/a%2F..%2Fb%20%3F%C3%A9/mirror-sync-completed");
}

TEST_CASE("a reason is cut and made UTF-8 before it is sent", "[workers][report]") {
    const auto body = body_of(workers::branch_failed(seven, std::string(5'000, 'x'), ""));
    CHECK(body["reason"].get<std::string>() == std::string(4'000, 'x'));

    CHECK(body_of(workers::branch_failed(seven, "b\xFF", ""))["reason"] == "b\xEF\xBF\xBD");
}

TEST_CASE("an attempt is added where a report ends one and names none", "[workers][report]") {
    const auto plain = workers::branch_complete(seven, "r", "");
    const auto named = workers::with_attempt(plain, "new");
    CHECK(body_of(named)["attempt"] == "new");
    CHECK(named.late_body == named.body);

    const auto old = workers::branch_complete(seven, "r", "old");
    CHECK(workers::with_attempt(old, "new") == old);
    CHECK(workers::with_attempt(plain, "") == plain);
    const auto start = workers::branch_started(seven, noon);
    CHECK(workers::with_attempt(start, "new") == start);

    CHECK(workers::is_start(start));
    CHECK_FALSE(workers::is_start(plain));
}
