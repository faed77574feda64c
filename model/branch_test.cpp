#include "model/branch.hpp"

#include "tools/cmake/catch.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <tuple>

using namespace std::chrono_literals;
using model::Branch;
using model::BranchMirroring;
using model::BranchRefusal;
using model::BranchType;
using model::MirrorReport;
using model::Timestamp;

namespace {

constexpr Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 8h;
const std::string worker = "puller-1";

Branch branch_of(BranchType type) {
    return {.id = model::BranchId{7},
            .name = "~ann/tool/main",
            .url = "https://git.example.org/tool",
            .type = type};
}

BranchMirroring made(const model::BranchResult& result) {
    REQUIRE(result.has_value());
    return *result;
}

/// Under way since `now`, by `worker`.
Branch started(BranchType type, const std::string& token = "") {
    auto branch = branch_of(type);
    branch.mirroring =
        made(model::start_mirroring(branch, {.worker = worker, .token = token, .when = now}, 1h));
    return branch;
}

MirrorReport report_at(Timestamp when, const std::string& token = "") {
    return {.worker = worker, .token = token, .when = when};
}

}  // namespace

TEST_CASE("a start is an attempt, and forgets nothing that was known", "[model][branch]") {
    auto branch = branch_of(BranchType::mirrored);
    branch.mirroring.last_mirrored = now - 24h;
    branch.mirroring.last_mirrored_id = "rev-1";
    branch.mirroring.mirror_failures = 2;
    branch.mirroring.mirror_status_message = "it was down";
    branch.mirroring.next_mirror_time = now - 1h;

    const auto after = made(model::start_mirroring(branch, report_at(now), 1h));

    CHECK(after.last_mirror_attempt == now);
    CHECK_FALSE(after.next_mirror_time);
    CHECK(after.last_mirrored == now - 24h);
    CHECK(after.last_mirrored_id == "rev-1");
    CHECK(after.mirror_failures == 2);
    CHECK(after.mirror_status_message == "it was down");
    REQUIRE(after.attempt);
    CHECK(after.attempt->lease_end == now + 1h);
}

TEST_CASE("a complete mirroring is as old as its start", "[model][branch]") {
    auto branch = started(BranchType::mirrored);
    branch.mirroring.mirror_failures = 3;
    branch.mirroring.mirror_status_message = "it was down";

    const auto after = made(model::complete_mirroring(branch, report_at(now + 20min), "rev-2"));

    CHECK(after.last_mirrored == now);
    CHECK(after.last_mirrored_id == "rev-2");
    CHECK(after.mirror_failures == 0);
    CHECK(after.mirror_status_message.empty());
    CHECK(after.next_mirror_time == now + 20min + 6h);
    CHECK_FALSE(after.attempt);
}

TEST_CASE("only MIRRORED branches come round by themselves", "[model][branch]") {
    const auto type = GENERATE(BranchType::hosted, BranchType::imported);
    const auto branch = started(type);
    CHECK_FALSE(
        made(model::complete_mirroring(branch, report_at(now + 1min), "r")).next_mirror_time);
    CHECK_FALSE(made(model::fail_mirroring(branch, report_at(now + 1min), "no")).next_mirror_time);
}

TEST_CASE("who asked while a branch was mirrored is not forgotten", "[model][branch]") {
    auto branch = started(BranchType::mirrored);
    branch.mirroring = made(model::request_mirroring(branch, now + 5min));
    const auto report = report_at(now + 9min);
    CHECK(made(model::complete_mirroring(branch, report, "r")).next_mirror_time == now + 5min);
    CHECK(made(model::fail_mirroring(branch, report, "no")).next_mirror_time == now + 5min);
}

TEST_CASE("each failure makes the pause longer, the fifth ends the tries", "[model][branch]") {
    const auto [earlier, next] = GENERATE(table<int, std::optional<std::chrono::hours>>({
        {0, 6h},
        {1, 12h},
        {2, 24h},
        {3, 48h},
        {4, std::nullopt},
        {5, std::nullopt},
        {40, std::nullopt},
    }));
    auto branch = started(BranchType::mirrored);
    branch.mirroring.mirror_failures = earlier;
    branch.mirroring.last_mirrored = now - 24h;
    branch.mirroring.last_mirrored_id = "rev-1";

    const auto after = made(model::fail_mirroring(branch, report_at(now + 1min), "no such host"));

    CHECK(after.mirror_failures == earlier + 1);
    CHECK(after.mirror_status_message == "no such host");
    CHECK(after.last_mirrored == now - 24h);
    CHECK(after.last_mirrored_id == "rev-1");
    CHECK(after.next_mirror_time == (next ? std::optional(now + 1min + *next) : std::nullopt));
}

TEST_CASE("a request is for now, and never makes it later", "[model][branch]") {
    auto branch = branch_of(BranchType::mirrored);
    CHECK(made(model::request_mirroring(branch, now)).next_mirror_time == now);
    branch.mirroring.next_mirror_time = now + 6h;
    CHECK(made(model::request_mirroring(branch, now)).next_mirror_time == now);
    branch.mirroring.next_mirror_time = now - 6h;
    CHECK(made(model::request_mirroring(branch, now)).next_mirror_time == now - 6h);
}

TEST_CASE("a report needs the attempt that it is about", "[model][branch]") {
    using Kind = BranchRefusal::Kind;
    const auto not_begun = branch_of(BranchType::mirrored);
    const auto by_number = started(BranchType::mirrored);
    const auto acquired = started(BranchType::mirrored, "token-1");
    const auto [branch, from, token, refused, why] =
        GENERATE_REF(table<Branch, std::string, std::string, std::optional<Kind>, std::string>({
            {not_begun, worker, "", Kind::not_started, "nothing was started"},
            {not_begun, worker, "token-1", Kind::stale_attempt, "its lease has ended"},
            {by_number, worker, "", std::nullopt, "who started it"},
            {by_number, "puller-2", "", Kind::stale_attempt, "somebody else"},
            {by_number, worker, "token-1", Kind::stale_attempt, "of an attempt before this"},
            {acquired, worker, "token-1", std::nullopt, "who acquired it"},
            {acquired, "puller-2", "token-1", std::nullopt, "another process that has its token"},
            {acquired, worker, "", std::nullopt, "the same worker, that keeps no token"},
            {acquired, "puller-2", "", Kind::stale_attempt, "another worker"},
            {acquired, worker, "token-2", Kind::stale_attempt, "another attempt"},
            {branch_of(BranchType::remote), worker, "", Kind::not_mirrored, "REMOTE"},
        }));
    CAPTURE(why);
    const MirrorReport report{.worker = from, .token = token, .when = now + 1min};
    const auto complete = model::complete_mirroring(branch, report, "r");
    const auto failed = model::fail_mirroring(branch, report, "no");
    REQUIRE(complete.has_value() == !refused);
    REQUIRE(failed.has_value() == !refused);
    if (refused) {
        CHECK(complete.error().kind == *refused);
        CHECK(failed.error().kind == *refused);
        CHECK(failed.error().detail.find("~ann/tool/main") != std::string::npos);
    }
}

TEST_CASE("a REMOTE branch is neither started nor asked for", "[model][branch]") {
    const auto branch = branch_of(BranchType::remote);
    CHECK(model::start_mirroring(branch, report_at(now), 1h).has_error());
    CHECK(model::request_mirroring(branch, now).has_error());
}

TEST_CASE("who never reports has failed when the lease ends", "[model][branch]") {
    const auto branch = started(BranchType::mirrored, "token-1");
    CHECK_FALSE(model::end_lease(branch, now + 1h - 1us));
    CHECK_FALSE(model::end_lease(branch_of(BranchType::mirrored), now));

    auto after = branch;
    after.mirroring = model::end_lease(branch, now + 1h).value_or(BranchMirroring{});

    CHECK(after.mirroring.mirror_failures == 1);
    CHECK(after.mirroring.mirror_status_message == "no report within 60 minutes");
    CHECK(after.mirroring.next_mirror_time == now + 1h + 6h);
    const auto late = model::complete_mirroring(after, report_at(now + 2h, "token-1"), "r");
    REQUIRE(late.has_error());
    CHECK(late.error().kind == BranchRefusal::Kind::stale_attempt);
}

TEST_CASE("a branch is due when its time has come and nobody is at it", "[model][branch]") {
    const auto due = [](BranchType type, std::optional<Timestamp> next) {
        auto branch = branch_of(type);
        branch.mirroring.next_mirror_time = next;
        return branch;
    };
    const std::array hosted = {BranchType::hosted};
    const std::array remote = {BranchType::remote};
    CHECK(is_due(due(BranchType::mirrored, now), model::pulled_types, now));
    CHECK(is_due(due(BranchType::imported, now - 1h), model::pulled_types, now));
    CHECK_FALSE(is_due(due(BranchType::mirrored, now + 1us), model::pulled_types, now));
    // After four failures it waits for two days. What is further ahead no pause made.
    CHECK_FALSE(is_due(due(BranchType::mirrored, now + 48h), model::pulled_types, now));
    CHECK(is_due(due(BranchType::mirrored, now + 4 * 365 * 24h), model::pulled_types, now));
    CHECK_FALSE(is_due(due(BranchType::mirrored, std::nullopt), model::pulled_types, now));
    CHECK_FALSE(is_due(due(BranchType::hosted, now), model::pulled_types, now));
    CHECK(is_due(due(BranchType::hosted, now), hosted, now));
    CHECK_FALSE(is_due(due(BranchType::remote, now), remote, now));

    auto asked_again = started(BranchType::mirrored);
    asked_again.mirroring.next_mirror_time = now;
    CHECK_FALSE(is_due(asked_again, model::pulled_types, now));
}

TEST_CASE("a worker's words are kept as one line of bounded length", "[model][branch]") {
    CHECK(model::kept_reason("no such host") == "no such host");
    CHECK(model::kept_reason("line one\nline\x1b[31m two") == "line one line [31m two");
    CHECK(model::kept_reason(std::string(1'000, 'x')) == std::string(1'000, 'x'));
    CHECK(model::kept_reason(std::string(1'001, 'x')) == std::string(997, 'x') + "…");
    std::string two_bytes_each;
    for (int i = 0; i < 501; ++i) {
        two_bytes_each += "é";
    }
    // 498 of them and the mark's three bytes are 999; one more would be 1,001.
    CHECK(model::kept_reason(two_bytes_each) == two_bytes_each.substr(0, 996) + "…");
}

TEST_CASE("each type of branch has one name", "[model][branch]") {
    const auto [type, name] = GENERATE(table<BranchType, std::string>({
        {BranchType::hosted, "HOSTED"},
        {BranchType::mirrored, "MIRRORED"},
        {BranchType::imported, "IMPORTED"},
        {BranchType::remote, "REMOTE"},
    }));
    CHECK(to_string(type) == name);
    CHECK(model::parse_branch_type(name) == type);
    CHECK_FALSE(model::parse_branch_type("mirrored"));
}
