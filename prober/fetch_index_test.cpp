#include "prober/fetch_index.hpp"

#include "model/index_package.hpp"
#include "prober/sha256_hasher.hpp"
#include "prober/testing/gzip.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using Fault = model::RefreshFaultKind;
using prober::IndexAnswer;
using prober::IndexQuestion;
using prober::sha256_of;
using prober::testing::gzip;
using prober::testing::ScriptedHttpClient;

namespace {

using Urls = std::vector<std::string>;

const std::string suite_url = "http://primary.example.org/debian/dists/stable/";
const std::string index_path = "main/binary-amd64/Packages.gz";
const std::string by_hash_path = "main/binary-amd64/by-hash/SHA256/one";
const std::string index_url = suite_url + index_path;
const std::string by_hash_url = suite_url + by_hash_path;
const auto noon = *model::parse_timestamp("2026-11-21T12:00:00Z");

constexpr prober::IndexLimits limits{.bytes_max = 1'000'000,
                                     .inflated_bytes_max = 1'000'000,
                                     .ratio_max = 1000,
                                     .window_bytes_max = 8'000'000,
                                     .stanza_bytes_max = 10'000};

std::string stanza(const std::string& name, const std::string& version) {
    return "Package: " + name + "\nVersion: " + version + "\nArchitecture: amd64\nFilename: pool/" +
           name + "_" + version + "_amd64.deb\nSize: 7\n\n";
}

const std::string text = stanza("pear", "1") + stanza("apple", "2");
const std::string packed = gzip(text);

/// An index with that text, as the Release names it when it is packed as `bytes`.
IndexQuestion question(const std::string& bytes = packed) {
    IndexQuestion asked;
    asked.suite_url = suite_url;
    asked.index.bucket = {"stable", model::Pocket::release, "main", "amd64"};
    asked.index.entry = {index_path, bytes.size(), sha256_of(bytes)};
    asked.index.inflated = {"main/binary-amd64/Packages", text.size(), sha256_of(text)};
    asked.distribution = "harbour";
    asked.published = noon;
    return asked;
}

prober::asio::awaitable<IndexAnswer> fetch_on_lane(prober::HttpClient& client, IndexQuestion asked,
                                                   prober::IndexLimits bounds) {
    const auto lane = co_await client.open_lane(suite_url, 1);
    co_return co_await prober::fetch_index(*lane, std::move(asked), bounds);
}

IndexAnswer fetch(ScriptedHttpClient& client, IndexQuestion asked,
                  prober::IndexLimits bounds = limits) {
    return prober::testing::run(fetch_on_lane(client, std::move(asked), bounds));
}

}  // namespace

TEST_CASE("an index that is what its Release says is known by its packages",
          "[prober][fetch_index]") {
    ScriptedHttpClient client;
    client.file(index_url, packed);

    const auto answer = fetch(client, question());

    INFO((answer.fault ? answer.fault->what : ""));
    CHECK_FALSE(answer.fault.has_value());
    CHECK(answer.content.bucket == question().index.bucket);
    CHECK(answer.content.sha256 == sha256_of(text));
    CHECK(answer.content.packages.size() == 2);
    CHECK(std::is_sorted(answer.content.packages.begin(), answer.content.packages.end()));
    CHECK(answer.published.empty());  // of a suite that is new, nothing is
    CHECK(answer.requests == 1);
    CHECK(answer.bytes == packed.size());
}

TEST_CASE("what an index did not list before was published now", "[prober][fetch_index]") {
    ScriptedHttpClient client;
    client.file(index_url, packed);
    const auto before_text = stanza("pear", "1") + stanza("plum", "9");
    const auto before_packed = gzip(before_text);
    ScriptedHttpClient earlier;
    earlier.file(index_url, before_packed);
    auto asked_before = question(before_packed);
    asked_before.index.inflated.reset();
    const auto before = fetch(earlier, asked_before);
    REQUIRE_FALSE(before.fault.has_value());
    auto asked = question();
    asked.known = &before.content;

    const auto answer = fetch(client, asked);

    REQUIRE(answer.published.size() == 1);
    const auto& published = answer.published[0];
    CHECK(published.distribution == "harbour");
    CHECK(published.source == "apple");
    CHECK(published.version == "2");
    CHECK(published.file == "apple_2_amd64.deb");
    CHECK(published.published == noon);
    CHECK(published.bucket == asked.index.bucket);
}

TEST_CASE("an index is asked for by its hash, and by its name where that is not there",
          "[prober][fetch_index]") {
    ScriptedHttpClient by_hash;
    by_hash.file(by_hash_url, packed).file(index_url, "another by now");
    ScriptedHttpClient by_name;
    const int gone = GENERATE(404, 410, 550);  // the last by ftp
    by_name.file(index_url, packed)
        .answer(by_hash_url, {.kind = model::OutcomeKind::http_status, .status = gone});
    auto asked = question();
    asked.index.by_hash_path = by_hash_path;

    const auto first = fetch(by_hash, asked);
    const auto second = fetch(by_name, asked);

    CHECK_FALSE(first.fault.has_value());
    CHECK(by_hash.asked() == Urls{by_hash_url});
    CHECK_FALSE(second.fault.has_value());
    CHECK(second.content == first.content);
    CHECK(by_name.asked() == Urls{by_hash_url, index_url});
    CHECK(second.requests == 2);
}

TEST_CASE("an error in place of an index is no reason to ask for another file",
          "[prober][fetch_index]") {
    ScriptedHttpClient client;
    client.file(index_url, packed)
        .answer(by_hash_url, {.kind = model::OutcomeKind::http_status, .status = 503});
    auto asked = question();
    asked.index.by_hash_path = by_hash_path;

    const auto answer = fetch(client, asked);

    REQUIRE(answer.fault.has_value());
    CHECK(answer.fault->kind == Fault::no_answer);
    CHECK(answer.fault->what.find("GET " + by_hash_url + ": http-status 503") != std::string::npos);
    CHECK(client.asked() == Urls{by_hash_url});
}

TEST_CASE("an index that is not what its Release says is refused in words that tell it",
          "[prober][fetch_index]") {
    const auto other_text = stanza("pear", "1") + stanza("apple", "3");
    const auto other_packed = gzip(other_text);
    REQUIRE(other_packed.size() == packed.size());
    const auto size = std::to_string(packed.size());
    const auto longer = std::to_string(packed.size() + 1);
    const bool tells_length = GENERATE(true, false);
    const auto [why, body, words, words_without_length] =
        GENERATE_REF(table<std::string, std::string, std::string, std::string>({
            {"a byte is missing", packed.substr(0, packed.size() - 1),
             "it has " + std::to_string(packed.size() - 1) + " bytes; its Release says " + size,
             "it ends before its end"},
            {"a byte too many", packed + "x",
             "it has " + longer + " bytes; its Release says " + size,
             "it has more than the " + size + " bytes that its Release says"},
            {"a longer one", gzip(text + std::string(50'000, 'x')),
             "bytes; its Release says " + size,
             "it has more than the " + size + " bytes that its Release says"},
            {"another of the same size", other_packed,
             "it has the SHA-256 " + to_string(sha256_of(other_packed)) + "; its Release says " +
                 to_string(sha256_of(packed)),
             "it has the SHA-256 "},
            {"nothing", "", "it has 0 bytes; its Release says " + size, "it ends before its end"},
        }));
    CAPTURE(why, tells_length);
    ScriptedHttpClient client;
    client.file(index_url, {.body = body,
                            .etag = {},
                            .last_modified = {},
                            .is_web_page = false,
                            .date = {},
                            .tells_length = tells_length});

    const auto answer = fetch(client, question());

    REQUIRE(answer.fault.has_value());
    INFO(answer.fault->what);
    CHECK(answer.fault->kind == Fault::wrong_index);
    CHECK(answer.fault->what.starts_with(index_path + ": "));
    CHECK(answer.fault->what.find(tells_length ? words : words_without_length) !=
          std::string::npos);
}

TEST_CASE("what an index inflates to must be what its Release says", "[prober][fetch_index]") {
    ScriptedHttpClient client;
    client.file(index_url, packed);
    auto asked = question();

    SECTION("another hash") {
        asked.index.inflated->sha256 = sha256_of("another");
    }
    SECTION("more than it says") {
        asked.index.inflated->size = text.size() - 1;
    }
    const auto answer = fetch(client, asked);

    REQUIRE(answer.fault.has_value());
    CHECK(answer.fault->kind == Fault::wrong_index);
}

TEST_CASE("a bomb is not inflated, whatever the Release says", "[prober][fetch_index]") {
    const std::string bomb_text(5'000'000, '\n');
    const auto bomb = gzip(bomb_text);
    ScriptedHttpClient client;
    client.file(index_url, bomb);
    auto asked = question(bomb);
    asked.index.inflated = {"main/binary-amd64/Packages", bomb_text.size(), sha256_of(bomb_text)};

    const auto answer = fetch(client, asked);

    REQUIRE(answer.fault.has_value());
    CHECK(answer.fault->kind == Fault::wrong_index);
}

TEST_CASE("an index that its Release calls too large is not asked for", "[prober][fetch_index]") {
    ScriptedHttpClient client;
    client.file(index_url, packed);
    auto bounds = limits;

    bounds.bytes_max = packed.size();
    CHECK_FALSE(fetch(client, question(), bounds).fault.has_value());

    bounds.bytes_max = packed.size() - 1;
    const auto answer = fetch(client, question(), bounds);
    REQUIRE(answer.fault.has_value());
    CHECK(answer.fault->kind == Fault::wrong_index);
    CHECK(client.asked().size() == 1);
}

TEST_CASE("an index that lists a package twice knows it once", "[prober][fetch_index]") {
    const auto twice = text + stanza("pear", "1");
    const auto bytes = gzip(twice);
    ScriptedHttpClient client;
    client.file(index_url, bytes);
    auto asked = question(bytes);
    asked.index.inflated.reset();

    const auto answer = fetch(client, asked);

    CHECK_FALSE(answer.fault.has_value());
    CHECK(answer.content.packages.size() == 2);
}

TEST_CASE("an index that is missing, and a run that ends, are told apart",
          "[prober][fetch_index]") {
    ScriptedHttpClient missing;
    ScriptedHttpClient ended;
    ended.file(index_url, packed);
    ended.cancel();

    const auto nothing = fetch(missing, question());
    const auto interrupted = fetch(ended, question());

    REQUIRE(nothing.fault.has_value());
    CHECK(nothing.fault->kind == Fault::wrong_index);
    CHECK(nothing.fault->what ==
          index_path +
              ": the archive does not have it, though its Release names it; where it never "
              "has, take that architecture or component out of the catalogue");
    REQUIRE(interrupted.fault.has_value());
    CHECK(interrupted.fault->kind == Fault::interrupted);
}
