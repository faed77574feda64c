#include "tools/json/branch_json.hpp"

#include "tools/cmake/catch.hpp"

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using model::BranchId;

namespace {

const auto noon = model::Timestamp(std::chrono::sys_days{std::chrono::year{2026} / 1 / 10}) + 12h;

}  // namespace

TEST_CASE("a branch that was never mirrored has nulls", "[json][branch_json]") {
    const auto json = json::branch_json({.id = BranchId{7},
                                         .name = "tree",
                                         .url = "https://example.org/tree",
                                         .type = model::BranchType::remote});

    CHECK(json == nlohmann::ordered_json::parse(R"({
        "id": 7, "name": "tree", "url": "https://example.org/tree", "type": "REMOTE",
        "last_mirror_attempt": null, "last_mirrored": null, "last_mirrored_id": null,
        "mirror_failures": 0, "mirror_status_message": null, "next_mirror_time": null,
        "lease_end": null})"));
}

TEST_CASE("a branch's JSON has what its mirroring came to, without the attempt's token",
          "[json][branch_json]") {
    const model::Branch branch{
        .id = BranchId{8},
        .name = "tree",
        .url = "https://example.org/tree",
        .type = model::BranchType::mirrored,
        .mirroring = {.last_mirror_attempt = noon,
                      .last_mirrored = noon - 6h,
                      .last_mirrored_id = "abc",
                      .mirror_failures = 2,
                      .mirror_status_message = "no route",
                      .next_mirror_time = noon + 1h,
                      .attempt = model::MirrorAttempt{"secret", "puller", noon + 2h}}};

    const auto json = json::branch_json(branch);

    CHECK(json["type"] == "MIRRORED");
    CHECK(json["last_mirror_attempt"] == "2026-01-10T12:00:00Z");
    CHECK(json["last_mirrored"] == "2026-01-10T06:00:00Z");
    CHECK(json["last_mirrored_id"] == "abc");
    CHECK(json["mirror_failures"] == 2);
    CHECK(json["mirror_status_message"] == "no route");
    CHECK(json["next_mirror_time"] == "2026-01-10T13:00:00Z");
    CHECK(json["lease_end"] == "2026-01-10T14:00:00Z");
    CHECK(json.dump().find("secret") == std::string::npos);
}
