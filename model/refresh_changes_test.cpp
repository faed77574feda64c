#include "model/refresh_changes.hpp"

#include "model/index_package.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

namespace {

const model::Bucket amd64{"trixie", model::Pocket::release, "main", "amd64"};
const model::Bucket source{"trixie", model::Pocket::release, "main", "source"};

model::Sha256 digest(std::uint8_t first) {
    model::Sha256 value;
    value.bytes[0] = first;
    return value;
}

model::WantedIndex index(std::uint8_t packed, std::optional<std::uint8_t> inflated) {
    model::WantedIndex wanted;
    wanted.bucket = amd64;
    wanted.entry = {"main/binary-amd64/Packages.gz", 10, digest(packed)};
    if (inflated) {
        wanted.inflated = {"main/binary-amd64/Packages", 100, digest(*inflated)};
    }
    return wanted;
}

model::SuiteKnowledge known(std::uint8_t packed, std::uint8_t inflated) {
    model::SuiteKnowledge knowledge;
    model::Snapshot snapshot;
    snapshot.entries = {{"main/binary-amd64/Packages.gz", 10, digest(packed)}};
    snapshot.names.emplace();
    knowledge.newest = snapshot;
    knowledge.contents = {{amd64, digest(inflated), {7}}};
    return knowledge;
}

model::Publication publication(const std::string& version) {
    model::Publication one;
    one.source = "hello";
    one.version = version;
    one.file = "hello_" + version + "_amd64.deb";
    one.path = "pool/" + one.file;
    return one;
}

}  // namespace

TEST_CASE("an index is known by what it inflates to", "[model][refresh_changes]") {
    CHECK(model::is_known(index(1, 2), known(1, 2)));
    // Packed anew, and the same in it.
    CHECK(model::is_known(index(9, 2), known(1, 2)));
    CHECK_FALSE(model::is_known(index(1, 3), known(1, 2)));
    CHECK_FALSE(model::is_known(index(1, 2), {}));
}

TEST_CASE("where a Release does not say what it inflates to, the packed file tells",
          "[model][refresh_changes]") {
    CHECK(model::is_known(index(1, {}), known(1, 2)));
    CHECK_FALSE(model::is_known(index(9, {}), known(1, 2)));
}

TEST_CASE("a suite is complete when each index that it has was read", "[model][refresh_changes]") {
    CHECK(model::is_complete(known(1, 2), {amd64}));
    // Its Release has no sources.
    CHECK(model::is_complete(known(1, 2), {amd64, source}));
    CHECK_FALSE(model::is_complete({}, {amd64}));
    auto nameless = known(1, 2);
    nameless.newest->names.reset();
    CHECK_FALSE(model::is_complete(nameless, {amd64}));

    auto with_sources = known(1, 2);
    with_sources.newest->entries.push_back({"main/source/Sources.gz", 1, digest(5)});
    CHECK(model::is_complete(with_sources, {amd64}));
    // The catalogue wants sources since then.
    CHECK_FALSE(model::is_complete(with_sources, {amd64, source}));
}

TEST_CASE("a bucket that the Release does not name any more has gone", "[model][refresh_changes]") {
    CHECK(model::gone_buckets(known(1, 2), {index(1, 2)}, {amd64, source}).empty());
    CHECK(model::gone_buckets(known(1, 2), {}, {amd64, source}) == std::vector{amd64});
    // Once is enough.
    auto gone_before = known(1, 2);
    gone_before.contents[0].packages.clear();
    CHECK(model::gone_buckets(gone_before, {}, {amd64}).empty());
}

TEST_CASE("what an index does not list any more is superseded", "[model][refresh_changes]") {
    const std::vector published = {publication("1"), publication("2"), publication("3")};
    const auto keys = [](const std::vector<std::string>& versions) {
        std::vector<std::uint64_t> all;
        all.reserve(versions.size());
        for (const auto& version : versions) {
            all.push_back(model::package_key(publication(version)));
        }
        model::tidy_keys(all);
        return all;
    };
    REQUIRE(keys({"2", "1", "2"}).size() == 2);

    const auto gone = model::superseded(published, keys({"1", "2"}), keys({"4", "2"}));

    REQUIRE(gone.size() == 1);  // 3 was told by hand, and is no business of the index
    CHECK(gone[0].version == "1");
    CHECK(gone[0].status == model::PublicationStatus::superseded);
    CHECK(model::superseded(published, keys({"1", "2", "3"}), {}).size() == 3);
    CHECK(model::superseded(published, {}, {}).empty());
}
