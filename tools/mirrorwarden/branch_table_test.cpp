#include "tools/mirrorwarden/branch_table.hpp"

#include "tools/cmake/catch.hpp"

using namespace mirrorwarden;
using namespace std::chrono_literals;
using model::Branch;
using model::BranchType;

namespace {

constexpr model::Timestamp noon{std::chrono::seconds{1'800'000'000}};  // 2027-01-15 08:00 UTC

Branch branch(const model::BranchMirroring& mirroring, BranchType type = BranchType::mirrored) {
    return {.id = model::BranchId{7},
            .name = "tool",
            .url = "https://git.example.org/tool",
            .type = type,
            .mirroring = mirroring};
}

const model::MirrorAttempt attempt{.token = "secret", .worker = "w1", .lease_end = noon + 1h};

}  // namespace

TEST_CASE("a branch's mirroring is told in words", "[tools][branch_table]") {
    const auto [given, state, next, why] =
        GENERATE(table<Branch, std::string, std::string, std::string>({
            {branch({}), "never mirrored", "when asked", "as it was added"},
            {branch({}, BranchType::remote), "only registered", "never", "nobody pulls it"},
            {branch({.next_mirror_time = noon}), "never mirrored", "now", "due since now"},
            {branch({.next_mirror_time = noon + 1us}), "never mirrored", "2027-01-15T08:00:00Z",
             "due later"},
            {branch({.attempt = attempt}), "under way", "when this ends", "begun"},
            {branch({.mirror_failures = 2, .next_mirror_time = noon, .attempt = attempt}),
             "under way", "now", "somebody asked meanwhile"},
            {branch({.last_mirrored = noon, .next_mirror_time = noon + 6h}), "mirrored",
             "2027-01-15T14:00:00Z", "as it should be"},
            {branch({.last_mirrored = noon, .mirror_failures = 1}), "failed once", "when asked",
             "one failure"},
            {branch({.mirror_failures = 5}), "failed 5 times", "when asked", "given up"},
        }));
    INFO(why);

    CHECK(mirroring_words(given) == state);
    CHECK(next_mirroring_words(given, noon) == next);
}

TEST_CASE("one branch is told whole, but for the token of its attempt", "[tools][branch_table]") {
    const auto text = branch_text(branch({.last_mirror_attempt = noon,
                                          .last_mirrored = noon - 6h,
                                          .last_mirrored_id = "0123abcd",
                                          .mirror_failures = 1,
                                          .mirror_status_message = "no such host",
                                          .attempt = attempt}),
                                  noon);

    CHECK(text ==
          "id            7\n"
          "name          tool\n"
          "url           https://git.example.org/tool\n"
          "type          MIRRORED\n"
          "state         under way\n"
          "message       no such host\n"
          "last attempt  2027-01-15T08:00:00Z\n"
          "mirrored      2027-01-15T02:00:00Z\n"
          "revision      0123abcd\n"
          "next          when this ends\n"
          "worker        w1\n"
          "lease until   2027-01-15T09:00:00Z\n");
}
