#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Publication;
using model::PublicationStatus;
using model::Refusal;

namespace {

/// A DEB of warty i386 or a DSC of warty's sources, published then.
Publication publication(const model::Bucket& bucket, const std::string& file,
                        model::Timestamp when) {
    Publication one;
    one.distribution = "ubuntu";
    one.bucket = bucket;
    one.source = "pmount";
    one.version = "2:1.9-1";
    one.file = file;
    one.file_type = bucket.is_source() ? model::FileType::dsc : model::FileType::deb;
    one.published = when;
    return one;
}

std::vector<std::string> files(const std::vector<Publication>& publications) {
    std::vector<std::string> all;
    all.reserve(publications.size());
    for (const auto& one : publications) {
        all.push_back(one.file);
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

TEST_CASE("the same publication twice is one", "[storage][publications]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const Publication first = publication(warty_i386(), "a.deb", new_year);
    const Publication second = publication(warty_i386(), "b.deb", new_year);

    const auto imported = store->import_publications(std::vector{first, second, first});

    REQUIRE(imported.has_value());
    CHECK(imported->added == 2);
    CHECK(imported->updated == 0);
    CHECK(imported->unchanged == 1);
    CHECK(files(store->publications_since("ubuntu", new_year)) ==
          std::vector<std::string>{"a.deb", "b.deb"});

    Publication superseded = first;
    superseded.status = PublicationStatus::superseded;
    Publication moved = second;
    moved.path = "pool/main/p/pmount/b.deb";
    const auto again = store->import_publications(std::vector{superseded, moved, moved});

    REQUIRE(again.has_value());
    CHECK(again->added == 0);
    CHECK(again->updated == 2);
    CHECK(again->unchanged == 1);
    CHECK(store->publications_since("ubuntu", new_year) == std::vector{moved});
}

TEST_CASE("each part of a publication's identity tells it apart", "[storage][publications]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const Publication first = publication(warty_i386(), "a.deb", new_year);
    std::vector<Publication> all(6, first);
    all[1].bucket.pocket = model::Pocket::security;
    all[2].source = "other";
    all[3].version = "3";
    all[4].file = "b.deb";
    all[5].published = new_year + 1us;

    const auto imported = store->import_publications(all);

    REQUIRE(imported.has_value());
    CHECK(imported->added == 6);
    auto stored = store->publications_since("ubuntu", new_year);
    std::sort(all.begin(), all.end());
    std::sort(stored.begin(), stored.end());
    CHECK(stored == all);
}

TEST_CASE("publications that cannot count are not read", "[storage][publications]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    Publication udeb = publication(warty_i386(), "a.udeb", new_year);
    udeb.file_type = model::FileType::udeb;
    Publication pending = publication(warty_i386(), "pending.deb", new_year);
    pending.status = PublicationStatus::pending;
    pending.published = std::nullopt;
    Publication deleted = publication(warty_i386(), "deleted.deb", new_year);
    deleted.status = PublicationStatus::deleted;
    Publication without_file = publication(warty_source(), "", new_year);
    without_file.file_type = std::nullopt;
    Publication deb_of_source = publication(warty_source(), "odd.deb", new_year);
    deb_of_source.file_type = model::FileType::deb;
    const Publication good = publication(warty_source(), "a.dsc", new_year);

    const auto imported = store->import_publications(
        std::vector{udeb, pending, deleted, without_file, deb_of_source, good});

    REQUIRE(imported.has_value());
    CHECK(imported->added == 6);
    CHECK(store->publications_since("ubuntu", new_year - 1h) == std::vector{good});
    CHECK(store->publications_since("ubuntu", new_year + 1h) == std::vector{good});
    CHECK(store->publications_since("debian", new_year - 1h).empty());
}

TEST_CASE("each bucket has what came since and the newest before", "[storage][publications]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto& i386 = warty_i386();
    Publication newer_udeb = publication(i386, "newest-old.udeb", new_year - 1s);
    newer_udeb.file_type = model::FileType::udeb;
    REQUIRE(store
                ->import_publications(
                    std::vector{publication(i386, "oldest.deb", new_year - 48h),
                                publication(i386, "newest-old.deb", new_year - 24h), newer_udeb,
                                publication(i386, "border.deb", new_year),
                                publication(i386, "late.deb", new_year + 870714us),
                                publication(warty_source(), "oldest.dsc", new_year - 24h * 365),
                                publication(warty_source(), "newest-old.dsc", new_year - 1us)})
                .has_value());

    SECTION("in the middle") {
        CHECK(
            files(store->publications_since("ubuntu", new_year)) ==
            std::vector<std::string>{"border.deb", "late.deb", "newest-old.deb", "newest-old.dsc"});
    }
    SECTION("after all of them, the newest of each") {
        const auto newest = store->publications_since("ubuntu", new_year + 24h);
        CHECK(files(newest) == std::vector<std::string>{"late.deb", "newest-old.dsc"});
        CHECK(newest.front().published == new_year + 870714us);
    }
    SECTION("before all of them, every one") {
        CHECK(store->publications_since("ubuntu", new_year - 24h * 400).size() == 6);
    }
}

TEST_CASE("one publication out of place keeps all of them out", "[storage][publications]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const Publication good = publication(warty_i386(), "a.deb", new_year);
    Publication bad = good;
    auto expected = Refusal::Kind::no_such_bucket;

    SECTION("the distribution") {
        bad.distribution = "debian";
        expected = Refusal::Kind::no_such_distribution;
    }
    SECTION("the series") {
        bad.bucket.series = "jaunty";
    }
    SECTION("the component") {
        bad.bucket.component = "multiverse";
    }
    SECTION("the architecture") {
        bad.bucket.architecture = "s390x";
    }
    const auto imported = store->import_publications(std::vector{good, bad});

    REQUIRE(imported.has_error());
    CHECK(imported.error().kind == expected);
    CHECK(store->publications_since("ubuntu", new_year).empty());
    // The numbers that the refused import gave out are forgotten with it.
    REQUIRE(store->import_publications(std::vector{good}).has_value());
    CHECK(store->publications_since("ubuntu", new_year) == std::vector{good});
}
