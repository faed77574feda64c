#include "prober/fetch_release.hpp"

#include "prober/sha256_hasher.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "prober/testing/signed_suite.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using Fault = model::RefreshFaultKind;
using prober::ReleaseAnswer;
using prober::ReleaseQuestion;
using prober::Trust;
using prober::testing::ScriptedHttpClient;
using prober::testing::signed_file;
using prober::testing::signed_path;

namespace {

const std::string suite_url = "http://primary.example.org/debian/dists/stable/";
const std::string in_release = suite_url + "InRelease";
const std::string release = suite_url + "Release";
const std::string signature = suite_url + "Release.gpg";
constexpr model::Outcome unchanged{.kind = model::OutcomeKind::http_status, .status = 304};
constexpr model::Outcome unavailable{.kind = model::OutcomeKind::http_status, .status = 503};
constexpr model::Outcome cancelled{.kind = model::OutcomeKind::cancelled};

constexpr prober::ReleaseLimits limits{.release_bytes_max = 100'000,
                                       .signature_bytes_max = 100'000,
                                       .gpgv = {.timeout = std::chrono::seconds(20),
                                                .status_bytes_max = 100'000,
                                                .keyring_bytes_max = 100'000}};

ReleaseQuestion question() {
    return {.suite_url = suite_url,
            .keyring = signed_path("keyring.gpg"),
            .trust = Trust::signed_only,
            .validators = {}};
}

/// As after an answer from `url`.
ReleaseQuestion question_after(const std::string& url) {
    auto asked = question();
    asked.validators = model::SuiteValidators{
        .url = url, .etag = "\"one\"", .last_modified = "yesterday", .checked = {}};
    return asked;
}

ReleaseQuestion of_anybody() {
    auto asked = question();
    asked.keyring = "/no/such/keyring";
    asked.trust = Trust::anybody;
    return asked;
}

prober::asio::awaitable<ReleaseAnswer> fetch_on_lane(prober::HttpClient& client,
                                                     ReleaseQuestion asked,
                                                     prober::ReleaseLimits bounds) {
    const auto lane = co_await client.open_lane(suite_url, 1);
    co_return co_await prober::fetch_release(*lane, std::move(asked), bounds);
}

ReleaseAnswer fetch(ScriptedHttpClient& client, ReleaseQuestion asked,
                    prober::ReleaseLimits bounds = limits) {
    return prober::testing::run(fetch_on_lane(client, std::move(asked), bounds));
}

ScriptedHttpClient& in_two_files(ScriptedHttpClient& client) {
    return client.file(release, {signed_file("Release"), "\"two\"", "today", false})
        .file(signature, signed_file("Release.gpg"));
}

ScriptedHttpClient& in_one_file(ScriptedHttpClient& client) {
    return client.file(in_release, {signed_file("InRelease"), "\"one\"", "yesterday", false});
}

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("a suite's Release is InRelease, else Release with its signature",
          "[prober][fetch_release]") {
    ScriptedHttpClient one;
    ScriptedHttpClient two;
    const int gone = GENERATE(404, 410, 550);  // the last by ftp
    in_two_files(in_one_file(one));
    in_two_files(two.answer(in_release, {.kind = model::OutcomeKind::http_status, .status = gone}));

    const auto inside = fetch(one, question());
    const auto apart = fetch(two, question());

    CHECK_FALSE(inside.fault.has_value());
    REQUIRE(inside.verified.has_value());
    CHECK(inside.verified->sha256 == prober::sha256_of(signed_file("InRelease")));
    CHECK(inside.verified->text_sha256 == prober::sha256_of(signed_file("Release")));
    CHECK(inside.validators.url == in_release);
    CHECK(inside.validators.etag == "\"one\"");
    CHECK(inside.validators.last_modified == "yesterday");
    CHECK(inside.requests == 1);
    CHECK(inside.bytes == signed_file("InRelease").size());
    CHECK(one.asked() == Urls{in_release});

    CHECK_FALSE(apart.fault.has_value());
    REQUIRE(apart.verified.has_value());
    CHECK(apart.verified->sha256 == prober::sha256_of(signed_file("Release")));
    CHECK(apart.verified->text_sha256 == inside.verified->text_sha256);
    CHECK(apart.verified->release == inside.verified->release);
    CHECK(apart.validators.url == release);
    CHECK(apart.validators.etag == "\"two\"");
    CHECK(two.asked() == Urls{in_release, release, signature});
}

TEST_CASE("the form that the archive had is asked for first, with a condition",
          "[prober][fetch_release]") {
    const auto& [url, asked] = GENERATE(table<std::string, Urls>({
        {in_release, {in_release}},
        {release, {release}},
    }));
    ScriptedHttpClient client;
    in_two_files(in_one_file(client)).answer(url, unchanged);

    const auto answer = fetch(client, question_after(url));

    CHECK(answer.is_unchanged);
    CHECK_FALSE(answer.fault.has_value());
    CHECK_FALSE(answer.verified.has_value());
    CHECK(answer.validators == *question_after(url).validators);
    CHECK(client.asked() == asked);
    CHECK(client.gets()[0].if_none_match == "\"one\"");
    CHECK(client.gets()[0].if_modified_since == "yesterday");
}

TEST_CASE("an archive that changes its form is followed", "[prober][fetch_release]") {
    ScriptedHttpClient one;
    in_one_file(one);
    ScriptedHttpClient two;
    in_two_files(two);

    const auto inside = fetch(one, question_after(release));
    const auto apart = fetch(two, question_after(in_release));

    CHECK(inside.verified.has_value());
    CHECK(inside.validators.url == in_release);
    CHECK(one.asked() == Urls{release, in_release});
    CHECK(one.gets()[1].if_none_match.empty());  // which was another file's
    CHECK(apart.verified.has_value());
    CHECK(apart.validators.url == release);
    CHECK(two.asked() == Urls{in_release, release, signature});
}

TEST_CASE("a server that says that nothing changed, without having been asked, has not answered",
          "[prober][fetch_release]") {
    ScriptedHttpClient client;
    auto asked = question();

    SECTION("nothing is known of the suite") {
        client.answer(in_release, unchanged);
    }
    SECTION("what is known is another file's") {
        asked = question_after(release);
        client.answer(in_release, unchanged);
    }
    SECTION("what is known cannot be asked with") {
        asked.validators = model::SuiteValidators{in_release, "", "", {}};
        client.answer(in_release, unchanged);
    }
    SECTION("nor its second form") {
        client.answer(release, unchanged);
    }
    const auto answer = fetch(client, asked);

    CHECK_FALSE(answer.is_unchanged);
    CHECK_FALSE(answer.verified.has_value());
    REQUIRE(answer.fault.has_value());
    CHECK(answer.fault->kind == Fault::no_answer);
    CHECK(answer.fault->what.find("http-status 304") != std::string::npos);
}

TEST_CASE("what stands between us and a Release is told", "[prober][fetch_release]") {
    ScriptedHttpClient client;
    auto bounds = limits;
    auto asked = question();
    auto expected = Fault::no_answer;
    std::string word;

    SECTION("neither form is there") {
        expected = Fault::no_release;
        word = suite_url;
    }
    SECTION("an error in place of InRelease, which Release would hide") {
        in_two_files(client).answer(in_release, unavailable);
        word = "GET " + in_release + ": http-status 503";
    }
    SECTION("an InRelease of a byte too many") {
        in_one_file(client);
        bounds.release_bytes_max = signed_file("InRelease").size() - 1;
        expected = Fault::too_large;
        word = "InRelease is larger than " + std::to_string(bounds.release_bytes_max) + " bytes";
    }
    SECTION("a signature of a byte too many") {
        in_two_files(client);
        bounds.signature_bytes_max = signed_file("Release.gpg").size() - 1;
        expected = Fault::too_large;
        word = "Release.gpg is larger than ";
    }
    SECTION("no signature") {
        client.file(release, signed_file("Release"));
        expected = Fault::no_signature;
        word = "neither InRelease nor Release.gpg";
    }
    SECTION("an empty signature, which would make gpgv look for one inside") {
        client.file(release, signed_file("InRelease")).file(signature, "");
        expected = Fault::no_signature;
        word = "neither InRelease nor Release.gpg";
    }
    SECTION("an error in place of the signature") {
        in_two_files(client).answer(signature, unavailable);
        word = "GET " + signature + ": http-status 503";
    }
    SECTION("the end of the run, before anything") {
        client.answer(in_release, cancelled);
        expected = Fault::interrupted;
    }
    SECTION("the end of the run, before the signature") {
        in_two_files(client).answer(signature, cancelled);
        expected = Fault::interrupted;
    }
    SECTION("keys that are not there") {
        in_one_file(client);
        asked.keyring = "/no/such/keyring";
        expected = Fault::no_keyring;
        word = "/no/such/keyring";
    }
    const auto answer = fetch(client, asked, bounds);

    CHECK_FALSE(answer.verified.has_value());
    CHECK_FALSE(answer.is_unchanged);
    REQUIRE(answer.fault.has_value());
    INFO(answer.fault->what);
    CHECK(answer.fault->kind == expected);
    CHECK(answer.fault->what.find(word) != std::string::npos);
}

TEST_CASE("files of just the size that is allowed are read", "[prober][fetch_release]") {
    ScriptedHttpClient client;
    in_two_files(client);
    auto bounds = limits;
    bounds.release_bytes_max = signed_file("Release").size();
    bounds.signature_bytes_max = signed_file("Release.gpg").size();

    CHECK(fetch(client, question(), bounds).verified.has_value());
}

TEST_CASE("only what was signed is believed, and only as a Release", "[prober][fetch_release]") {
    const auto whole = signed_file("InRelease");
    auto changed = whole;
    changed.replace(changed.find("Harbour"), 7, "Foreign");
    const auto [why, text, expected] = GENERATE_REF(table<std::string, std::string, Fault>({
        {"a line before it", "Suite: unstable\n" + whole, Fault::wrapped_text},
        {"a line after it", whole + "Suite: unstable\n", Fault::wrapped_text},
        {"two of them", whole + whole, Fault::wrapped_text},
        {"changed by one word", changed, Fault::bad_signature},
        {"not signed", signed_file("Release"), Fault::no_signature},
        {"a web page", "<html>hello</html>\n", Fault::no_signature},
        {"nothing", "", Fault::no_signature},
    }));
    CAPTURE(why);
    ScriptedHttpClient client;
    client.file(in_release, text);

    const auto answer = fetch(client, question());

    CHECK_FALSE(answer.verified.has_value());
    REQUIRE(answer.fault.has_value());
    INFO(answer.fault->what);
    // Two signatures, or one with more around it, are refused by whichever looks first.
    const bool is_refused =
        answer.fault->kind == expected ||
        (expected == Fault::wrapped_text && answer.fault->kind == Fault::bad_signature);
    CHECK(is_refused);
}

TEST_CASE("a signature of another text is bad", "[prober][fetch_release]") {
    ScriptedHttpClient client;
    client.file(release, signed_file("Release") + "Label: other\n")
        .file(signature, signed_file("Release.gpg"));

    const auto answer = fetch(client, question());

    REQUIRE(answer.fault.has_value());
    CHECK(answer.fault->kind == Fault::bad_signature);
}

TEST_CASE("where nobody's signature is asked for, the text is read without one",
          "[prober][fetch_release]") {
    ScriptedHttpClient client;

    SECTION("in a file that is signed, by whomever") {
        in_one_file(client);
    }
    SECTION("in a file that is not signed") {
        client.file(in_release, signed_file("Release"));
    }
    SECTION("in a file whose signature is not even asked for") {
        client.file(release, signed_file("Release"));
    }
    const auto answer = fetch(client, of_anybody());

    CHECK_FALSE(answer.fault.has_value());
    REQUIRE(answer.verified.has_value());
    CHECK(answer.verified->release.origin == "Harbour");
    CHECK(answer.verified->text_sha256 == prober::sha256_of(signed_file("Release")));
    CHECK_FALSE(client.was_asked(signature));
}

TEST_CASE("a text that is no Release of ours to read is told as such", "[prober][fetch_release]") {
    const auto [why, text] = GENERATE(table<std::string, std::string>({
        {"a web page", "<html>hello</html>\n"},
        {"nothing", ""},
        {"no date", "Origin: Harbour\nSHA256:\n"},
        {"hashes by SHA-512 alone", "Date: Mon, 01 Jan 2024 12:00:00 UTC\nSHA512:\n " +
                                        std::string(128, 'a') + " 0 main/binary-amd64/Packages\n"},
    }));
    CAPTURE(why);
    ScriptedHttpClient client;
    client.file(in_release, text);

    const auto answer = fetch(client, of_anybody());

    REQUIRE(answer.fault.has_value());
    INFO(answer.fault->what);
    CHECK(answer.fault->kind == Fault::unreadable);
}
