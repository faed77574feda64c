#include "prober/deep_look.hpp"

#include "prober/sha256_hasher.hpp"
#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using model::OutcomeKind;
using prober::testing::ScriptedHttpClient;

namespace {

const std::string base = "http://mirror.example/tiny/";
const std::string packages = "main/binary-amd64/Packages";
const std::string index_url = base + "dists/new/" + packages;
const std::string deb_url = base + "pool/main/h/hello/hello_1_amd64.deb";
const std::string deb = "the package";

constexpr model::Outcome ok{.kind = OutcomeKind::ok};
constexpr model::Outcome not_found{.kind = OutcomeKind::http_status, .status = 404};

std::string stanza(const std::string& name, const std::string& content) {
    return "Package: " + name + "\nVersion: 1\nArchitecture: amd64\nFilename: pool/main/h/hello/" +
           name + "_1_amd64.deb\nSize: " + std::to_string(content.size()) +
           "\nSHA256: " + to_string(prober::sha256_of(content)) + "\n\n";
}

const std::string text = stanza("hello", deb);  // of the index
const std::string by_hash_url =
    base + "dists/new/main/binary-amd64/by-hash/SHA256/" + to_string(prober::sha256_of(text));

/// A mirror that has everything.
ScriptedHttpClient whole_mirror() {
    ScriptedHttpClient mirror;
    mirror.file(index_url, text);
    mirror.file(by_hash_url, text);
    mirror.file(deb_url, deb);
    return mirror;
}

prober::DeepTask tiny_task() {
    return {
        .base_url = base,
        .suite = "new",
        .has_by_hash = true,
        .chance = 1,
        .limits = {.small_bytes_max = 10'000,
                   .large_bytes_max = 100'000,
                   .inflated_bytes_max = 1'000'000,
                   .indexes_max = 100,
                   .indexes_bytes_max = 1'000'000,
                   .pool_files_max = 4,
                   .pool_bytes_max = 1'000},
        .indexes = {{.path = packages, .size = text.size(), .sha256 = prober::sha256_of(text)}}};
}

prober::DeepAnswers look(ScriptedHttpClient& mirror, prober::DeepTask task) {
    return prober::testing::run(
        [](ScriptedHttpClient& client,
           prober::DeepTask what) -> boost::asio::awaitable<prober::DeepAnswers> {
            const auto lane = co_await client.open_lane(what.base_url, 1);
            co_return co_await prober::look_deep(*lane, std::move(what));
        }(mirror, std::move(task)));
}

std::vector<std::string> rules_of(const prober::DeepAnswers& answers) {
    std::vector<std::string> rules;
    for (const auto& finding : answers.findings) {
        rules.push_back(finding.rule);
    }
    return rules;
}

std::string changed(std::string content) {
    content.back() = static_cast<char>(content.back() ^ 1);
    return content;
}

}  // namespace

TEST_CASE("a whole mirror is fetched, hashed and found whole", "[prober][deep_look]") {
    auto mirror = whole_mirror();

    const auto answers = look(mirror, tiny_task());

    CHECK(answers.findings.empty());
    REQUIRE(answers.indexes.size() == 1);
    CHECK(answers.indexes[0].path == packages);
    CHECK(answers.indexes[0].is_fetched);
    CHECK(answers.indexes[0].size == text.size());
    CHECK(answers.indexes[0].sha256 == prober::sha256_of(text));
    CHECK(answers.cost.requests == 4);  // the index, by its hash, the package twice
}

TEST_CASE("a fault in by-hash or in the pool is found", "[prober][deep_look]") {
    auto mirror = whole_mirror();
    std::vector<std::string> expected;
    SECTION("by-hash was left out") {
        mirror.answer(by_hash_url, not_found);
        expected = {"by-hash-missing"};
    }
    SECTION("another file is under the hash") {
        mirror.file(by_hash_url, "short");
        expected = {"by-hash-missing"};
    }
    SECTION("a package is gone") {
        mirror.answer(deb_url, not_found);
        expected = {"pool-file-missing"};
    }
    SECTION("a package is cut") {
        mirror.file(deb_url, "the pack");
        expected = {"pool-file-wrong-size"};
    }
    SECTION("a package has the right size and one wrong bit") {
        mirror.file(deb_url, changed(deb));
        expected = {"pool-file-wrong-hash"};
    }

    CHECK(rules_of(look(mirror, tiny_task())) == expected);
}

TEST_CASE("an index that is not what its Release says is told with what came",
          "[prober][deep_look]") {
    auto mirror = whole_mirror();
    SECTION("it is shorter than HEAD says") {
        mirror.file(index_url, text.substr(0, 10)).ok_with_length(index_url, text.size());
        const auto answers = look(mirror, tiny_task());
        CHECK(answers.indexes.at(0).size == 10U);
    }
    SECTION("it is longer") {
        mirror.file(index_url, text + "more");
        const auto answers = look(mirror, tiny_task());
        CHECK(answers.indexes.at(0).size == text.size() + 4);
    }
    SECTION("one bit is wrong") {
        mirror.file(index_url, changed(text));
        const auto answers = look(mirror, tiny_task());
        CHECK(answers.indexes.at(0).sha256 == prober::sha256_of(changed(text)));
    }
    SECTION("the server gave up") {
        mirror.answer(index_url, {.kind = OutcomeKind::reset});
        const auto answers = look(mirror, tiny_task());
        CHECK(answers.indexes.at(0).outcome.kind == OutcomeKind::reset);
        CHECK_FALSE(answers.indexes.at(0).size.has_value());
    }

    // Nothing that such an index says is believed: neither its files nor its hash are asked for.
    CHECK_FALSE(mirror.was_asked(deb_url));
    CHECK_FALSE(mirror.was_asked(by_hash_url));
}

TEST_CASE("of large indexes one is fetched, another each time", "[prober][deep_look]") {
    const auto fetched = [](std::uint64_t chance) {
        auto mirror = whole_mirror();
        auto task = tiny_task();
        task.chance = chance;
        task.limits.small_bytes_max = 10;
        task.indexes = {{.path = "main/a", .size = 11, .sha256 = {}},
                        {.path = "main/b", .size = 12, .sha256 = {}},
                        {.path = "main/huge", .size = 200'000, .sha256 = {}},
                        {.path = "main/small", .size = 10, .sha256 = {}}};
        std::vector<std::string> paths;
        for (const auto& facts : look(mirror, std::move(task)).indexes) {
            paths.push_back(facts.path);
        }
        return paths;
    };

    CHECK(fetched(0) == std::vector<std::string>{"main/small", "main/a"});
    CHECK(fetched(1) == std::vector<std::string>{"main/small", "main/b"});
    CHECK(fetched(2) == fetched(0));
}

TEST_CASE("no more indexes are fetched than the limits say, and others each time",
          "[prober][deep_look]") {
    const auto fetched = [](std::uint64_t chance, std::size_t indexes_max, std::uint64_t bytes) {
        auto mirror = whole_mirror();
        auto task = tiny_task();
        task.chance = chance;
        task.limits.small_bytes_max = 10;
        task.limits.indexes_max = indexes_max;
        task.limits.indexes_bytes_max = bytes;
        task.indexes = {{.path = "main/a", .size = 10, .sha256 = {}},
                        {.path = "main/b", .size = 10, .sha256 = {}},
                        {.path = "main/c", .size = 10, .sha256 = {}},
                        {.path = "main/large", .size = 40, .sha256 = {}}};
        std::string paths;
        for (const auto& facts : look(mirror, std::move(task)).indexes) {
            paths += facts.path.substr(5) + " ";
        }
        return paths;
    };

    CHECK(fetched(0, 4, 70) == "a b c large ");
    CHECK(fetched(0, 3, 70) == "a b large ");
    CHECK(fetched(1, 3, 70) == "b c large ");
    CHECK(fetched(2, 3, 70) == "c a large ");
    CHECK(fetched(0, 4, 69) == "a b large ");
    CHECK(fetched(0, 4, 39) == "a b c ");  // no room for the large one
    CHECK(fetched(0, 0, 70).empty());
}

TEST_CASE("no more of the pool is asked for and fetched than the limits say",
          "[prober][deep_look]") {
    std::string many;
    for (int i = 0; i < 50; ++i) {
        many += stanza("hello" + std::to_string(i), deb);
    }
    auto mirror = whole_mirror();
    mirror.file(index_url, many).answer_else(ok);
    auto task = tiny_task();
    task.has_by_hash = false;
    task.limits.pool_bytes_max = 2 * deb.size() + 1;
    task.indexes = {{.path = packages, .size = many.size(), .sha256 = prober::sha256_of(many)}};

    look(mirror, std::move(task));

    CHECK(mirror.asked().size() == 1 + 4 + 2);
    CHECK(mirror.gets().size() == 1 + 2);
}

TEST_CASE("a look that is cancelled asks no more", "[prober][deep_look]") {
    auto mirror = whole_mirror();
    mirror.cancel();

    const auto answers = look(mirror, tiny_task());

    CHECK(answers.was_cancelled);
    CHECK(mirror.asked().size() == 1);
    CHECK(answers.findings.empty());
}
