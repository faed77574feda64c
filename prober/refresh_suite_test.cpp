#include "prober/refresh_suite.hpp"

#include "prober/sha256_hasher.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "prober/testing/signed_suite.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>

using prober::testing::signed_file;
using prober::testing::signed_path;
using Kind = prober::SuiteAnswer::Kind;
using Fault = model::RefreshFaultKind;

namespace {

const std::string base = "http://primary.example.org/debian/";
const std::string suite_url = base + "dists/stable/";
const std::string index_url = suite_url + "main/binary-amd64/Packages";

constexpr prober::RefreshLimits limits{.release = {.release_bytes_max = 100'000,
                                                   .signature_bytes_max = 100'000,
                                                   .gpgv = {.timeout = std::chrono::seconds(20),
                                                            .status_bytes_max = 100'000,
                                                            .keyring_bytes_max = 100'000}},
                                       .index = {.bytes_max = 1'000'000,
                                                 .inflated_bytes_max = 1'000'000,
                                                 .ratio_max = 100,
                                                 .window_bytes_max = 8'000'000,
                                                 .stanza_bytes_max = 100'000}};

prober::SuiteQuestion question() {
    prober::SuiteQuestion asked;
    asked.distribution = "harbour";
    asked.primary_url = base;
    asked.keyring = signed_path("keyring.gpg");
    asked.suite = {"stable", {{"stable", model::Pocket::release, "main", "amd64"}}};
    asked.now = *model::parse_timestamp("2024-01-02T00:00:00Z");
    return asked;
}

/// What is known after `answer` was stored.
prober::SuiteQuestion question_after(const prober::SuiteAnswer& answer) {
    auto asked = question();
    asked.known.newest = answer.update.snapshot;
    asked.known.contents = answer.update.contents;
    asked.known.validators = answer.validators;
    return asked;
}

prober::SuiteAnswer refresh(prober::HttpClient& client, prober::SuiteQuestion asked) {
    return prober::testing::run(prober::refresh_suite(client, std::move(asked), limits));
}

}  // namespace

TEST_CASE("a suite that is new is a baseline, with all that its Release says",
          "[prober][refresh_suite]") {
    prober::testing::ScriptedHttpClient client;
    client.file(suite_url + "InRelease", {signed_file("InRelease"), "\"one\"", "yesterday", false});
    client.file(index_url, "");

    const auto answer = refresh(client, question());

    INFO(answer.fault.what);
    REQUIRE(answer.kind == Kind::changed);
    CHECK(answer.is_baseline);
    const auto& snapshot = answer.update.snapshot;
    CHECK(snapshot.suite == "stable");
    CHECK(snapshot.sha256 == prober::sha256_of(signed_file("InRelease")));
    CHECK(snapshot.text_sha256 == prober::sha256_of(signed_file("Release")));
    CHECK(model::format_timestamp(snapshot.date) == "2024-01-01T12:00:00Z");
    CHECK(snapshot.first_seen == question().now);
    CHECK(snapshot.entries.size() == 1);
    REQUIRE(answer.update.contents.size() == 1);
    CHECK(answer.update.contents[0].sha256 == prober::sha256_of(""));
    CHECK(answer.update.validators.etag == "\"one\"");
    CHECK(answer.update.validators.url == suite_url + "InRelease");
    CHECK(answer.update.validators.checked == question().now);
}

TEST_CASE("a suite that has not changed is asked for once, with a condition",
          "[prober][refresh_suite]") {
    prober::testing::ScriptedHttpClient client;
    client.file(suite_url + "InRelease", {signed_file("InRelease"), "\"one\"", "yesterday", false});
    client.file(index_url, "");
    const auto first = refresh(client, question());
    const auto asked_before = client.asked().size();

    const auto second = refresh(client, question_after(first));

    CHECK(second.kind == Kind::unchanged);
    CHECK(client.asked().size() == asked_before + 1);
    CHECK(client.gets().back().if_none_match == "\"one\"");
    CHECK(client.gets().back().if_modified_since == "yesterday");
    CHECK(second.validators.etag == "\"one\"");
}

TEST_CASE("the same text in another form is the same snapshot", "[prober][refresh_suite]") {
    prober::testing::ScriptedHttpClient client;
    client.file(suite_url + "InRelease", signed_file("InRelease"));
    client.file(index_url, "");
    const auto first = refresh(client, question());
    prober::testing::ScriptedHttpClient later;
    later.file(suite_url + "Release", signed_file("Release"));
    later.file(suite_url + "Release.gpg", signed_file("Release.gpg"));

    const auto second = refresh(later, question_after(first));

    INFO(second.fault.what);
    CHECK(second.kind == Kind::unchanged);
    CHECK(second.validators.url == suite_url + "Release");
    CHECK_FALSE(later.was_asked(index_url));
}

TEST_CASE("a suite that is unchanged, and whose time has passed, is refused",
          "[prober][refresh_suite]") {
    prober::testing::ScriptedHttpClient client;
    client.file(suite_url + "InRelease", {signed_file("InRelease"), "\"one\"", "yesterday", false});
    client.file(index_url, "");
    auto later = question_after(refresh(client, question()));
    later.known.newest->valid_until = later.now - std::chrono::seconds(1);

    const auto answer = refresh(client, std::move(later));

    CHECK(answer.kind == Kind::faulty);
    CHECK(answer.fault.kind == Fault::expired);
}

TEST_CASE("what a primary does not give has a reason", "[prober][refresh_suite]") {
    prober::testing::ScriptedHttpClient client;

    SECTION("nothing of the suite") {
        CHECK(refresh(client, question()).fault.kind == Fault::no_release);
    }
    SECTION("an error in place of InRelease, which Release would hide") {
        client.answer(suite_url + "InRelease",
                      {.kind = model::OutcomeKind::http_status, .status = 503});
        client.file(suite_url + "Release", signed_file("Release"));

        const auto answer = refresh(client, question());

        CHECK(answer.fault.kind == Fault::no_answer);
        CHECK(answer.fault.what.find("http-status 503") != std::string::npos);
        CHECK_FALSE(client.was_asked(suite_url + "Release"));
    }
    SECTION("no signature beside Release") {
        client.file(suite_url + "Release", signed_file("Release"));
        CHECK(refresh(client, question()).fault.kind == Fault::no_signature);
    }
    SECTION("an index that is missing") {
        client.file(suite_url + "InRelease", signed_file("InRelease"));
        CHECK(refresh(client, question()).fault.kind == Fault::wrong_index);
    }
    SECTION("an index that has more than its Release says") {
        client.file(suite_url + "InRelease", signed_file("InRelease"));
        client.file(index_url, "Package: hello\n");
        CHECK(refresh(client, question()).fault.kind == Fault::wrong_index);
    }
    SECTION("an end of the run") {
        client.answer(suite_url + "InRelease", {.kind = model::OutcomeKind::cancelled});
        CHECK(refresh(client, question()).fault.kind == Fault::interrupted);
    }
}

TEST_CASE("nothing is asked for that the catalogue does not have", "[prober][refresh_suite]") {
    prober::testing::ScriptedHttpClient client;
    client.file(suite_url + "InRelease", signed_file("InRelease"));
    auto asked = question();
    asked.suite.buckets = {{"stable", model::Pocket::release, "main", "riscv64"}};

    const auto answer = refresh(client, std::move(asked));

    CHECK(answer.fault.kind == Fault::wrong_index);
    CHECK(answer.fault.what.find("architectures") != std::string::npos);
}
