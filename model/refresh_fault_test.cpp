#include "model/refresh_fault.hpp"

#include "tools/cmake/catch.hpp"

#include <set>
#include <string>

using Kind = model::RefreshFaultKind;

namespace {

/// Midnight, where only the day is said.
model::Timestamp at(const std::string& text) {
    const auto time = model::parse_timestamp(text.size() > 10 ? text : text + "T00:00:00Z");
    REQUIRE(time.has_value());
    return *time;
}

model::Release release(const char* date, const char* valid_until = "") {
    model::Release release;
    release.codename = "bookworm";
    release.suite = "stable";
    release.date = at(date);
    if (*valid_until != '\0') {
        release.valid_until = at(valid_until);
    }
    return release;
}

model::ReleaseContext context(const std::string& suite, const char* newest = "") {
    model::ReleaseContext known;
    known.suite = suite;
    known.now = at("2026-03-10T12:00:00Z");
    if (*newest != '\0') {
        known.newest = at(newest);
    }
    return known;
}

}  // namespace

TEST_CASE("a Release that is this suite's, and valid now, is taken in", "[model][refresh_fault]") {
    CHECK(!model::judge_release(release("2026-03-01"), context("bookworm")));
    // By the name that moves from series to series, too.
    CHECK(!model::judge_release(release("2026-03-01"), context("stable")));
    CHECK(
        !model::judge_release(release("2026-03-01", "2026-03-10T12:00:00Z"), context("bookworm")));
    // The one that is known, and a newer one.
    CHECK(!model::judge_release(release("2026-03-01"), context("bookworm", "2026-03-01")));
    CHECK(!model::judge_release(release("2026-03-02"), context("bookworm", "2026-03-01")));
    // The clocks of two machines differ a little.
    CHECK(!model::judge_release(release("2026-03-10T12:10:00Z"), context("bookworm")));
}

TEST_CASE("a Release without names is any suite's", "[model][refresh_fault]") {
    auto nameless = release("2026-03-01");
    nameless.codename.clear();
    nameless.suite.clear();

    CHECK(!model::judge_release(nameless, context("bookworm")));
}

TEST_CASE("a Release that must not be taken in has a reason of its own", "[model][refresh_fault]") {
    const auto& [what, known, kind, said] =
        GENERATE(table<model::Release, model::ReleaseContext, Kind, std::string>({
            {release("2026-03-01"), context("trixie"), Kind::foreign,
             "Codename \"bookworm\" and Suite \"stable\""},
            {release("2026-03-01"), context("bookworm-updates"), Kind::foreign, "another suite"},
            {release("2026-03-01", "2026-03-10T11:59:59Z"), context("bookworm"), Kind::expired,
             "valid until 2026-03-10T11:59:59Z"},
            {release("2026-03-10T12:10:01Z"), context("bookworm"), Kind::not_yet_valid,
             "in the future"},
            {release("2026-02-28"), context("bookworm", "2026-03-01"), Kind::older,
             "2026-02-28T00:00:00Z, older than the one of 2026-03-01T00:00:00Z"},
            // An old state has mostly expired as well: that it is old says more.
            {release("2026-02-28", "2026-03-05"), context("bookworm", "2026-03-01"), Kind::older,
             "replays"},
        }));

    const auto fault = model::judge_release(what, known);

    REQUIRE(fault.has_value());
    CHECK(fault->kind == kind);
    INFO(fault->what);
    CHECK(fault->what.find(said) != std::string::npos);
}

TEST_CASE("each verdict on a signature has a message of its own", "[model][refresh_fault]") {
    using model::SignatureKind;
    std::set<std::string> messages;
    std::set<Kind> kinds;
    for (const auto kind :
         {SignatureKind::no_signature, SignatureKind::unknown_key, SignatureKind::bad,
          SignatureKind::expired_key, SignatureKind::revoked_key, SignatureKind::expired_signature,
          SignatureKind::weak_digest}) {
        const auto fault = model::judge_release_signature({kind, {}}, "InRelease", "/k.gpg");
        REQUIRE(fault.has_value());
        CHECK(fault->what.find("InRelease") != std::string::npos);
        messages.insert(fault->what);
        kinds.insert(fault->kind);
    }

    CHECK(messages.size() == 7);
    CHECK(kinds.size() == 7);
    CHECK(!model::judge_release_signature({SignatureKind::good, {"0123"}}, "InRelease", "/k.gpg"));
}

TEST_CASE("every reason has a word of its own", "[model][refresh_fault]") {
    std::set<std::string_view> words;
    for (int kind = 0; kind <= static_cast<int>(Kind::interrupted); ++kind) {
        words.insert(model::to_string(static_cast<Kind>(kind)));
    }

    CHECK(words.size() == static_cast<std::size_t>(Kind::interrupted) + 1);
    CHECK(model::to_string(Kind::older) == "older");
    CHECK(model::to_string(Kind::no_keyring) == "no-keyring");
    CHECK(model::to_string(Kind::wrapped_text) == "wrapped-text");
    CHECK(model::to_string(Kind::wrong_index) == "wrong-index");
    CHECK(model::to_string(Kind::interrupted) == "interrupted");
}
